// Crops side by side: walked over with the arrows, typed in place; those that come into sight are asked for.
export function render({ model, el }) {
  const tabs = node("div", { className: "tabs" }), order = node("div", { className: "tabs" })
  const count = node("span", { className: "soft" }), hint = node("span", { className: "soft" })
  tabs.setAttribute("role", "tablist")
  const approve = node("button", { className: "primary" })
  const grid = node("div", { className: "grid rw-own-keys", tabIndex: 0 })
  grid.setAttribute("role", "listbox")
  el.append(node("div", { className: "sheets" },
    node("div", { className: "bar" }, tabs, approve, order, count, node("span", { className: "space" }), hint), grid))

  const crops = new Map() // "receipt/field" -> data URL
  let at = "", editing = null, shown = []
  const together = () => model.view.sheet === "together"

  // crops: asked for in one message for all that came into sight in a moment
  let wanted = new Map(), timer = 0
  const ask = (receipt, field) => {
    if (crops.has(`${receipt}/${field}`)) { return }
    wanted.set(`${receipt}/${field}`, [receipt, field])
    clearTimeout(timer)
    timer = setTimeout(() => { model.send_msg({ verb: "crops", wanted: [...wanted.values()].slice(0, 240) }); wanted = new Map() }, 60)
  }
  const sight = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) { ask(entry.target.dataset.receipt, entry.target.dataset.field) }
    }
  }, { root: grid, rootMargin: "300px" })
  const fill = (box) => {
    const url = crops.get(`${box.dataset.receipt}/${box.dataset.field}`)
    if (url === undefined) { return }
    box.replaceChildren(url ? node("img", { src: url, alt: "" }) : node("span", { textContent: model.view.words.no_crop }))
  }
  const pictured = (receipt, field) => {
    const box = node("div", { className: "crop" })
    box.dataset.receipt = receipt; box.dataset.field = field
    fill(box); sight.observe(box)
    return box
  }

  const cellOf = (cell) => {
    const { words } = model.view
    const tag = cell.doubted ? words.doubted : cell.corrected ? words.corrected : ""
    const made = node("div", { className: `cell${cell.doubted ? " doubted" : ""}${cell.corrected ? " corrected" : ""}` },
      pictured(cell.receipt, cell.field), node("div", { className: `text${cell.text ? "" : " none"}`, textContent: cell.text || words.none }),
      node("div", { className: "foot" }, node("span", { textContent: cell.file, title: cell.file }), node("span", { className: "tag", textContent: tag })))
    if (cell.why) { made.append(node("div", { className: "why", textContent: cell.why })) }
    made.setAttribute("aria-label", `${cell.file} ${cell.text || words.none} ${tag}`)
    return made
  }
  const cardOf = (card) => {
    const made = node("div", { className: `cell card${card.out ? " out" : ""}` },
      ...card.values.map(([field, label, text]) => node("div", { className: "value" },
        node("span", { textContent: label }), pictured(card.receipt, field), node("span", { className: "text", textContent: text }))),
      node("div", { className: "foot" }, node("span", { textContent: card.file, title: card.file }), node("span", { className: "tag", textContent: card.out ? model.view.words.out : "" })))
    made.setAttribute("aria-label", `${card.file} ${card.values.map((v) => v[2]).join(" ")}`)
    return made
  }

  const turn = (name) => {
    if (name !== model.view.sheet) { at = ""; model.send_msg({ verb: "sheet", sheet: name }) }
    grid.focus()
  }

  const draw = () => {
    const view = model.view
    if (!view.words || editing) { return } // what is being typed stays; drawn when it ends
    const typing = grid.contains(el.getRootNode().activeElement ?? null)
    tabs.replaceChildren(...view.tabs.map(([name, label]) => {
      const tab = node("button", { textContent: label, onclick: () => turn(name) })
      tab.setAttribute("role", "tab"); tab.setAttribute("aria-selected", String(name === view.sheet))
      return tab
    }))
    order.replaceChildren(...(together() ? [] : [["by_doubt", false], ["by_value", true]].map(([word, by]) => {
      const button = node("button", { textContent: view.words[word], onclick: () => { at = ""; model.send_msg({ verb: "order", by_value: by }); grid.focus() } })
      button.setAttribute("aria-pressed", String(view.by_value === by))
      return button
    })))
    shown = together() ? view.cards : view.cells
    count.textContent = together() ? view.rule : view.words.count.replace("{shown}", shown.length.toLocaleString()).replace("{doubted}", view.doubted.toLocaleString())
    hint.textContent = together() ? view.words.hint_together : view.words.hint
    approve.style.display = together() ? "" : "none"
    approve.textContent = together() ? view.approve : ""; approve.disabled = together() && !view.can
    grid.classList.toggle("cards", together())
    grid.setAttribute("aria-label", view.words.label.replace("{field}", view.tabs.find(([n]) => n === view.sheet)[1]))
    grid.setAttribute("role", shown.length ? "listbox" : "group") // a list without options is none
    grid.removeAttribute("aria-activedescendant")
    sight.disconnect()
    const top = grid.scrollTop
    grid.replaceChildren(...(shown.length ? shown.map((one) => {
      const made = together() ? cardOf(one) : cellOf(one)
      made.dataset.id = one.receipt
      made.id = `cell-${one.receipt}`
      made.setAttribute("role", "option")
      made.addEventListener("click", () => { go(one.receipt); act() })
      return made
    }) : [node("div", { className: "empty", textContent: together() ? view.words.empty_together : view.words.empty })]))
    grid.scrollTop = top
    go(shown.some((one) => one.receipt === at) ? at : shown[0]?.receipt ?? "", false)
    if (typing) { grid.focus() }
  }

  const go = (receipt, scroll = true) => {
    at = receipt
    for (const cell of shown.length ? grid.children : []) {
      const here = cell.dataset.id === at
      cell.classList.toggle("at", here)
      cell.setAttribute("aria-selected", String(here))
      if (here) { grid.setAttribute("aria-activedescendant", cell.id); if (scroll) { cell.scrollIntoView({ block: "nearest" }) } }
    }
  }
  const step = (by) => {
    const place = shown.findIndex((one) => one.receipt === at)
    go(shown[Math.max(0, Math.min(shown.length - 1, place + by))]?.receipt ?? "")
  }
  const across = () => getComputedStyle(grid).gridTemplateColumns.split(" ").length
  const act = () => { if (together()) { model.send_msg({ verb: "take", receipt: at }) } else { edit() } }

  const edit = () => {
    const one = shown.find((cell) => cell.receipt === at), cell = grid.querySelector(".at")
    if (!one || !cell || editing) { return }
    const input = node("input", { value: one.tried || one.text })
    input.setAttribute("aria-label", model.view.words.edit.replace("{file}", one.file))
    cell.querySelector(".text").replaceWith(input)
    editing = { input, one }
    input.focus(); input.select()
    input.addEventListener("click", (e) => e.stopPropagation())
    input.addEventListener("keydown", (e) => {
      e.stopPropagation()
      if (e.isComposing || e.keyCode === 229) { return }
      if (e.key === "Enter") { e.preventDefault(); done(true); step(1) }
      if (e.key === "Escape") { e.preventDefault(); done(false) }
    })
    input.addEventListener("blur", () => done(true))
  }
  const done = (keep) => {
    if (!editing) { return }
    const { input, one } = editing
    editing = null
    const text = input.value.trim()
    if (keep && text !== one.text) { model.send_msg({ verb: "correct", receipt: one.receipt, text, seen: one.text }) }
    draw()
    grid.focus()
  }

  grid.addEventListener("keydown", (e) => {
    if (editing || e.ctrlKey || e.metaKey || e.altKey) { return }
    const moves = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across(), ArrowUp: -across(), Home: -shown.length, End: shown.length, PageDown: 3 * across(), PageUp: -3 * across() }
    if (e.key in moves) { step(moves[e.key]) }
    else if (e.key === "Enter" || e.key === " ") { act() }
    else if (/^Digit[1-6]$/.test(e.code)) { turn(model.view.tabs[Number(e.code[5]) - 1][0]) }
    else if (e.code === "KeyS" || e.key === "Escape") { model.send_msg({ verb: "back" }) }
    else if (e.code === "KeyO") { model.send_msg({ verb: "open", receipt: at }) }
    else if (e.code === "KeyA" && together() && !e.repeat) { approve.click() }
    else { return }
    e.preventDefault(); e.stopPropagation()
  })
  approve.addEventListener("click", () => model.send_msg({ verb: "approve", seen: shown.filter((one) => !one.out).map((one) => [one.receipt, one.revision]) }))
  asksBeforeLeaving(model, () => editing && editing.input.value.trim() !== editing.one.text)
  model.on("view", draw)
  model.on("crops", () => {
    for (const [key, url] of Object.entries(model.crops)) { crops.set(key, url) }
    grid.querySelectorAll(".crop").forEach((box) => { if (!box.firstChild) { fill(box) } })
  })
  model.on("remove", () => sight.disconnect())
  draw()
}
