// What several parts make elements with. Panel's components are one module each, so Python puts this in front of them.
// `h` sets attributes and hears events ("onclick"), and leaves out children that are not there; `node` sets properties.
const LONGEST = 100_000 // letters in a box: what is pasted by mistake must not be more than a message may have
const made = (tag) => Object.assign(document.createElement(tag), tag === "input" ? { maxLength: LONGEST } : {})
const h = (tag, props = {}, ...children) => {
  const node = made(tag)
  for (const [key, value] of Object.entries(props)) {
    if (key.startsWith("on")) { node.addEventListener(key.slice(2), value) }
    else if (value !== null && value !== undefined && value !== false) { node.setAttribute(key, value === true ? "" : value) }
  }
  node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false))
  return node
}
const node = (tag, props = {}, ...children) => {
  const node = Object.assign(made(tag), props)
  node.append(...children)
  return node
}

// A page that is left with something typed and not kept yet (a reload, a step back, a closed tab): the browser asks.
const asksBeforeLeaving = (model, typing) => {
  const leave = (e) => { if (typing() && !("rwAnew" in document.documentElement.dataset)) { e.preventDefault() } }
  window.addEventListener("beforeunload", leave)
  model.on("remove", () => window.removeEventListener("beforeunload", leave))
}
