// A box to tick whose label names it; Bokeh's own lies beside its label.

export function render({ model, el }) {
  const box = node("input", { type: "checkbox", onchange: () => { model.value = box.checked } }), words = node("span")
  el.append(node("label", { className: "tick" }, box, words))
  const draw = () => { box.checked = model.value; words.textContent = model.label }
  model.on("value", draw)
  model.on("label", draw)
  draw()
}
