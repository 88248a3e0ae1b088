// The code that invites a phone: asked for with the address under which this very page was opened.
export function render({ model, el }) {
  const box = node("div", { className: "phone" })
  el.append(box)
  const ask = () => model.send_msg({ verb: "code", base: location.origin })
  const draw = () => {
    const { address, code, why } = model.view, words = model.words
    if (why) { box.replaceChildren(node("p", { className: "why", textContent: why })); return }
    box.replaceChildren(...(address ? [node("p", { textContent: words.scan }), node("img", { src: code, alt: words.scan }),
      node("p", { className: "address", textContent: address }), node("p", { className: "soft", textContent: words.once }),
      ...(address.startsWith("http:") ? [node("p", { className: "soft", textContent: words.plain })] : [])] : []),
    node("div", { className: "acts" }, node("button", { textContent: words.another, onclick: ask }),
      node("button", { textContent: words.end, onclick: () => model.send_msg({ verb: "end" }) })))
  }
  model.on("view", draw)
  model.on("asked", ask)
  draw()
  if (model.asked) { ask() }
}
