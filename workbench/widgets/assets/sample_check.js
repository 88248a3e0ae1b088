// A sample: drawn by a form, checked blind beside the picture, its outcome in words. No value of the machine's is here.

export function render({ model, el }) {
  const words = model.words
  const send = (verb, rest = {}) => model.send_msg({ verb, ...rest })
  const input = (label, props = {}) => {
    const box = h("input", { "aria-label": label, autocomplete: "off", ...props })
    box.addEventListener("keydown", (e) => e.stopPropagation())
    return box
  }
  const named = (label, box) => h("label", { class: "named" }, h("span", {}, label), box)
  const method = h("select", { "aria-label": words.method }, h("option", { value: "attribute" }, words.attribute), h("option", { value: "money" }, words.money))
  const size = input(words.size, { type: "number", min: 1, placeholder: words.reckoned }), tolerable = input(words.tolerable, { type: "number", value: "5", step: "any" }), seed = input(words.seed, { type: "number", value: "1" })
  const form = h("div", { class: "form" }, named(words.method, method), named(words.size, size), named(words.tolerable, tolerable), named(words.seed, seed),
    h("button", { class: "primary", onclick: () => send("draw", { method: method.value, size: size.value, tolerable: tolerable.value, seed: seed.value }) }, words.draw))
  const about = h("div", { class: "about" }), list = h("div", { class: "scroll" }), rules = h("div", { class: "statements rules-bar" })
  const left = h("section", { class: "left" }, form, rules, about, list)
  const side = h("section", { class: "side" })
  el.append(h("div", { class: "lists" }, left, side))
  const picture = h("img", { class: "picture", alt: "" })
  let boxes = {}, drawn = ""

  const check = () => send("check", { receipt: model.view.in_hand, read: Object.fromEntries(words.fields.map(([name]) => [name, boxes[name].value])) })
  const draw = () => {
    const view = model.view
    about.replaceChildren(...[view.sample, view.outcome].filter(Boolean).map((text) => h("p", { class: "note" }, text)),
      ...(view.differences || []).map((row) => h("p", { class: "trouble" }, words.difference.replace("{0}", row[0]).replace("{1}", row[1]).replace("{2}", row[2] || words.nothing).replace("{3}", row[3] || words.nothing))))
    list.replaceChildren(...(view.rows || []).map(([id, file, done], n) => h("div", { class: "line sampled", "aria-selected": id === view.in_hand ? "true" : "false", onclick: () => send("look", { receipt: id }) },
      h("span", {}, `${n + 1}`), h("span", {}, file), h("span", { class: done ? "good" : "soft" }, done ? words.done : words.left))))
    if (!view.sample) { list.replaceChildren(h("p", { class: "empty how" }, words.how)) }
    rules.replaceChildren(h("b", {}, words.rules), h("span", {}, view.policy || words.no_rules),
      h("button", { onclick: () => send("rules", { which: "default" }) }, words.use_default), view.policy && h("button", { class: "quiet", onclick: () => send("rules", { which: "none" }) }, words.drop_rules) || "", h("span", { class: "soft" }, words.drop_hint))
    if (!view.in_hand) { drawn = ""; side.replaceChildren(h("p", { class: "empty" }, view.rows && view.rows.length ? words.all_done : words.pick)); return }
    const why = h("p", { class: "trouble", role: "alert" }, view.refusal || "")
    if (drawn === view.in_hand) { side.querySelector(".trouble").replaceWith(why); return }
    drawn = view.in_hand
    boxes = Object.fromEntries(words.fields.map(([name, label]) => [name, input(label)]))
    for (const box of Object.values(boxes)) { box.addEventListener("keydown", (e) => { if (e.key === "Enter" && !e.isComposing) { check() } }) }
    side.replaceChildren(h("h3", {}, `${view.title} · ${words.blind}`), h("div", { class: "columns" }, words.fields.map(([name, label]) => named(label, boxes[name]))), why,
      h("div", { class: "acts" }, h("button", { class: "primary", onclick: check }, words.keep)), picture)
  }
  asksBeforeLeaving(model, () => model.view.in_hand && Object.values(boxes).some((box) => box.value.trim()))
  model.on("view", draw)
  model.on("picture", () => { picture.src = model.picture || "data:," })
  draw()
}
