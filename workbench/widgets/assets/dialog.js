// What opens over the page: the browser's own dialog, which keeps the focus inside, closes with Escape and gives the focus back.

export function render({ model, el }) {
  const shut = () => box.close()
  const close = node("button", { className: "close", type: "button", textContent: "✕", title: model.closes, onclick: shut })
  close.setAttribute("aria-label", model.closes)
  const title = node("h2")
  const box = node("dialog", { className: model.span }, node("header", {}, title, close), node("div", { className: "body" }, model.get_child("content")))
  box.setAttribute("role", "dialog") // by which the page's keys know it
  el.append(box)
  const name = () => { title.textContent = model.title; box.setAttribute("aria-label", model.title) }
  const sync = () => {
    if (model.open && !box.open) { box.showModal() } else if (!model.open && box.open) { shut() }
  }
  box.addEventListener("close", () => { if (model.open) { model.open = false } })
  box.addEventListener("keydown", (e) => { if (model.key && e.key === model.key) { e.stopPropagation(); shut() } })
  let outside = false // where the press began: a selection that is dragged out of a box closes nothing
  box.addEventListener("pointerdown", (e) => { outside = e.target === box })
  box.addEventListener("click", (e) => { if (outside && e.target === box) { shut() } })
  model.on("title", name)
  model.on("open", sync)
  name()
  // Until the page has laid it out, what is to have the focus is not there.
  requestAnimationFrame(sync)
}
