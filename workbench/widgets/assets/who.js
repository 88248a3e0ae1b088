// Shows who reviews. Asks once in each browser, in a bar that stands in nobody's way; the answer stays in the browser.
const KEPT = "receipt-workbench-name"
export function render({ model, el }) {
  const button = Object.assign(document.createElement("button"), { className: "name", title: model.words.change })
  const bar = Object.assign(document.createElement("form"), { className: "ask" })
  bar.setAttribute("popover", "manual")
  const said = Object.assign(document.createElement("span"), { textContent: model.words.ask })
  const box = Object.assign(document.createElement("input"), { ariaLabel: model.words.label, autocomplete: "off", maxLength: 40 })
  const keep = Object.assign(document.createElement("button"), { type: "submit", textContent: model.words.keep })
  bar.append(said, box, keep)
  bar.dataset.lmSuppressShortcuts = "true"
  el.append(button, bar)
  const draw = () => { button.textContent = `☺ ${model.name_shown}`; button.setAttribute("aria-label", `${model.words.label}: ${model.name_shown}`) }
  const room = () => { // what lies at the foot of the page stays in sight as long as the bar is there
    const open = bar.matches(":popover-open")
    document.documentElement.style.setProperty("--rw-below", open && !model.known ? `${bar.getBoundingClientRect().height + 24}px` : "0px")
  }
  bar.addEventListener("toggle", room)
  model.on("remove", () => document.documentElement.style.removeProperty("--rw-below"))
  const ask = () => { box.value = model.name_shown; bar.showPopover() }
  button.disabled = model.known && document.body.dataset.jpThemeLight === undefined
  button.addEventListener("click", () => { if (bar.matches(":popover-open")) { bar.hidePopover() } else { ask(); box.focus(); box.select() } })
  bar.addEventListener("submit", (e) => {
    e.preventDefault()
    const name = box.value.trim()
    if (!name) { box.focus(); return }
    localStorage.setItem(KEPT, name)
    bar.hidePopover()
    if (name !== model.name_shown) { model.send_msg({ name }) }
  })
  box.addEventListener("keydown", (e) => { e.stopPropagation(); if (e.key === "Escape") { bar.hidePopover() } })
  model.on("name_shown", draw)
  draw()
  if (!model.known) {
    const kept = localStorage.getItem(KEPT)
    if (!kept) { ask() } else if (kept !== model.name_shown) { model.send_msg({ name: kept }) }
  }
}
