// One of several: the browser's own radio buttons, in a group with a name.

export function render({ model, el }) {
  const group = node("div", { className: "radios" })
  group.setAttribute("role", "radiogroup")
  el.append(group)
  const option = ([text, value]) => node("label", {}, node("input", { type: "radio", name: "one", value, onchange: () => model.send_msg({ value }) }), text)
  const sync = () => { group.querySelectorAll("input").forEach((one) => { one.checked = one.value === model.value }) }
  const draw = () => {
    group.setAttribute("aria-label", model.label)
    group.classList.toggle("inline", model.inline)
    group.replaceChildren(...Object.entries(model.options).map(option))
    sync()
  }
  model.on("value", sync)
  model.on("options", draw)
  draw()
}
