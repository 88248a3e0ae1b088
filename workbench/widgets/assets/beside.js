// Two receipts side by side: pictures, values with what differs marked, and the answers with their keys.
export function render({ model, el }) {
  const root = Object.assign(document.createElement("div"), { className: "pair", tabIndex: -1 })
  el.append(root)
  const KEYS = { 1: "keep_this", 2: "keep_that", 3: "apart" }
  let sent = null
  const send = (verb) => { if (sent !== model.view) { sent = model.view; model.send_msg({ verb }) } } // one answer to one pair
  // At the window: the dialog may take the focus long after the pair is drawn, and its keys hold from the first sight on.
  const onKey = (e) => {
    if (e.isComposing || e.ctrlKey || e.metaKey || e.altKey || e.repeat || !KEYS[e.key]) { return }
    if (!model.view.files || !root.checkVisibility({ visibilityProperty: true })) { return }
    e.preventDefault(); e.stopPropagation()
    send(KEYS[e.key])
  }
  window.addEventListener("keydown", onKey, true)
  model.on("remove", () => window.removeEventListener("keydown", onKey, true))
  const draw = () => {
    const { files, pictures, rows, said, place, words } = model.view
    if (!files) { root.replaceChildren(); return }
    const side = (n) => node("figure", {}, node("figcaption", {}, node("b", { textContent: n ? words.that : words.this }), ` ${files[n]}`),
      pictures[n] ? node("img", { src: pictures[n], alt: files[n] }) : node("p", { textContent: words.no_picture }))
    const table = node("table", {}, node("tr", {}, ...[words.field, words.this, words.that, ""].map((textContent) => node("th", { textContent, scope: "col" }))),
      ...rows.map(([label, one, other, differs]) => node("tr", { className: differs ? "differs" : "" }, node("th", { textContent: label, scope: "row" }),
        node("td", { textContent: one || words.empty }), node("td", { textContent: other || words.empty }), node("td", { textContent: differs ? `≠ ${words.differs}` : "" }))))
    root.replaceChildren(node("p", { className: "said" }, said, " ", node("b", { textContent: place })),
      node("div", { className: "answers" }, ...Object.entries(KEYS).filter(([, verb]) => words[verb]).map(([key, verb]) => {
        const button = node("button", {}, node("kbd", { textContent: key }), ` ${words[verb]}`)
        button.addEventListener("click", () => send(verb))
        return button
      })),
      node("div", { className: "sides" }, side(0), side(1)), table)
    setTimeout(() => root.focus({ preventScroll: true }), 60) // once the dialog has taken the focus
  }
  model.on("view", draw)
  draw()
}
