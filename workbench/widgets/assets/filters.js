// The filter bar: a search over all text, one chip for each state with its count, the findings, the menu of columns, and what the summary chose.
export function render({ model, el }) {
  const bar = document.createElement("div")
  bar.className = "bar"
  el.append(bar)
  const search = Object.assign(document.createElement("input"), { type: "search", className: "search", maxLength: 1_000, placeholder: model.view.words.search })
  search.setAttribute("aria-label", model.view.words.search)
  let timer = null
  const send = (data) => model.send_msg(data)
  search.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => send({ search: search.value }), 180) })
  search.addEventListener("keydown", (e) => {
    e.stopPropagation()
    if (e.isComposing || e.keyCode === 229) { return }
    if (e.key === "Escape" || e.key === "Enter") { clearTimeout(timer); if (e.key === "Escape") { search.value = "" } send({ search: search.value }); search.blur() }
  })
  const chips = Object.assign(document.createElement("div"), { className: "chips" })
  chips.setAttribute("role", "group")
  const select = document.createElement("select")
  select.addEventListener("change", () => { send({ finding: select.value }); select.blur() })
  const tail = Object.assign(document.createElement("div"), { className: "tail" })
  const head = Object.assign(document.createElement("div"), { className: "head" })
  // Made once: what is redrawn would lose the focus. A popover closes by itself, by Escape or a press elsewhere.
  const opener = Object.assign(document.createElement("button"), { className: "opener", title: model.view.words.columns_hint, textContent: `${model.view.words.columns} ▾` })
  const menu = Object.assign(document.createElement("div"), { className: "menu", popover: "auto", tabIndex: -1 })
  menu.setAttribute("role", "dialog")
  menu.setAttribute("aria-label", model.view.words.columns_hint)
  opener.setAttribute("aria-haspopup", "dialog")
  opener.setAttribute("aria-expanded", "false")
  opener.popoverTargetElement = menu
  opener.addEventListener("click", (e) => { if (e.detail > 0) { opener.blur() } })
  const asked = new Map() // what Python has not answered yet: an older view must not take it back
  const boxes = model.view.columns.map(([name, text]) => {
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name })
    const label = document.createElement("label")
    label.append(box, text)
    menu.append(label)
    box.addEventListener("change", () => { asked.set(name, box.checked); keepOne(); send({ column: name, shown: box.checked }) })
    return box
  })
  const keepOne = () => {
    const on = boxes.filter((box) => box.checked)
    boxes.forEach((box) => { box.disabled = on.length === 1 && box.checked })
  }
  menu.addEventListener("beforetoggle", () => {
    const place = opener.getBoundingClientRect()
    menu.style.top = `${place.bottom + 4}px`
    menu.style.right = `${document.documentElement.clientWidth - place.right}px`
  })
  menu.addEventListener("toggle", (e) => {
    opener.setAttribute("aria-expanded", String(e.newState === "open"))
    asked.clear()
    if (e.newState === "open") { boxes.find((box) => !box.disabled).focus() }
  })
  menu.addEventListener("keydown", (e) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[e.key]
    if (!by) { return }
    e.preventDefault()
    const free = boxes.filter((box) => !box.disabled), at = free.findIndex((box) => box.matches(":focus"))
    free[(at + by + free.length) % free.length].focus()
  })
  head.append(search, select, opener, menu)
  bar.append(head, chips, tail)

  const button = (cls, text, work, pressed) => {
    const node = Object.assign(document.createElement("button"), { className: cls })
    node.append(...text)
    node.addEventListener("click", work)
    if (pressed !== undefined) { node.setAttribute("aria-pressed", String(pressed)) }
    return node
  }
  const span = (cls, text) => Object.assign(document.createElement("span"), { className: cls, textContent: text })

  const draw = () => {
    const view = model.view
    if (search.getRootNode().activeElement !== search) { search.value = view.search }
    chips.replaceChildren(...view.states.map(([name, sign, text, count, on]) =>
      button(`chip ${name}${on ? " on" : ""}`, [span("sign", sign), span("", text), span("count", count)], () => send({ state: name }), on)))
    select.replaceChildren(...view.findings.map(([code, text]) => Object.assign(document.createElement("option"), { value: code, textContent: text })))
    select.value = "" // what is chosen stands as a chip below, with others

    select.setAttribute("aria-label", view.words.finding)
    select.hidden = view.findings.length < 2
    boxes.forEach((box, place) => {
      const shown = view.columns[place][2]
      if (asked.get(box.name) === shown) { asked.delete(box.name) }
      box.checked = asked.get(box.name) ?? shown
    })
    keepOne()
    tail.replaceChildren(
      ...view.facets.map(([name, text]) => button("facet", [text, span("x", "✕")], () => send({ drop: name }))),
      ...(view.marked ? [span("marked", view.words.marked),
        button("link", [view.words.read_again], () => send({ verb: "read_again" })),
        button("link", [view.words.requery], () => send({ verb: "look_up" })),
        button("link", [view.words.clear], () => send({ verb: "clear" })),
        button("link", [view.words.unmark], () => send({ verb: "unmark" })),
        ...(view.may_delete ? [button("link bad", [view.words.delete], () => send({ verb: "delete" }))] : [])] : []),
    )
    tail.hidden = !tail.children.length
    if (view.clean) { chips.append(button("link", [view.clean], () => send({ verb: "approve_clean" }))) }
    if (view.aside) { chips.append(button("link", [view.aside], () => send({ verb: "aside" }))) }
    chips.append(span("shown", view.words.shown), button("link", [view.words.mark_all], () => send({ verb: "mark_all" })))
  }
  const focus = (e) => { if (e.detail.scope === model.scope) { search.focus(); search.select() } }
  const open = (e) => { if (e.detail.scope === model.scope && opener.checkVisibility()) { menu.showPopover() } }
  window.addEventListener("rw-search", focus)
  window.addEventListener("rw-columns", open)
  model.on("view", draw)
  model.on("remove", () => { window.removeEventListener("rw-search", focus); window.removeEventListener("rw-columns", open) })
  draw()
}
