// Statements beside receipts: what was understood of a dropped list, three lists of which only the rows in sight are
// drawn, and both sides of what is in hand. Python sends data, verbs go back.

const ROW = 34

export function render({ model, el }) {
  const words = model.words
  let which = "matched", held = "", shown = []
  const send = (verb, rest = {}) => model.send_msg({ verb, ...rest })

  const tabs = h("div", { class: "tabs", role: "tablist" })
  const search = h("input", { class: "search", type: "search", placeholder: words.search, "aria-label": words.search })
  const due = h("input", { class: "due", type: "date", "aria-label": words.due, title: words.due })
  const missing = h("button", { class: "quiet", onclick: () => send("missing") }, words.missing)
  const ask = h("button", { class: "quiet", title: words.ask_hint, onclick: () => send("ask", { due: due.value }) }, words.ask)
  const answers = h("span", { class: "soft" })
  const bar = h("div", { class: "bar" }, tabs, search, h("span", { class: "space" }), answers, missing, due, ask)
  const heads = h("div", { class: "line heads" }, ...words.heads.map((name) => h("span", {}, name)))
  const space = h("div", { class: "rows" })
  const scroller = h("div", { class: "scroll", tabindex: "0", role: "listbox", "aria-label": words.row }, space)
  const statements = h("div", { class: "statements" })
  const left = h("section", { class: "left" }, bar, heads, scroller, statements)
  const side = h("section", { class: "side" })
  const pending = h("section", { class: "pending" })
  const root = h("div", { class: "lists" }, left, side, pending)
  el.append(root)

  const keyOf = (row) => `${row[0]}|${row[1]}`
  const draw = () => {
    const first = Math.max(0, Math.floor(scroller.scrollTop / ROW) - 4)
    const last = Math.min(shown.length, first + Math.ceil((scroller.clientHeight || 600) / ROW) + 8)
    space.style.height = `${shown.length * ROW}px`
    space.replaceChildren(...shown.slice(first, last).map((row, n) => {
      const line = h("div", { class: `line row level${row[8]}`, role: "option", "aria-selected": keyOf(row) === held ? "true" : "false", "data-key": keyOf(row) },
        ...row.slice(2, 8).map((cell, place) => h("span", { class: place === 2 ? "won" : "", title: cell }, cell)))
      line.style.top = `${(first + n) * ROW}px`
      line.addEventListener("click", () => { held = keyOf(row); draw(); send("look", { row: row[0], receipt: row[1] }) })
      return line
    }))
  }
  const filter = () => {
    const needle = search.value.trim().toLowerCase(), bare = needle.replace(/,/g, "")
    const all = (model.lists[which] || [])
    shown = needle ? all.filter((row) => row.slice(2, 8).some((cell) => { const text = String(cell).toLowerCase(); return text.includes(needle) || text.replace(/,/g, "").includes(bare) })) : all
    draw()
  }
  const refresh = () => {
    const lists = model.lists
    tabs.replaceChildren(...["matched", "rows", "receipts"].map((name) => h("button", {
      role: "tab", "aria-selected": name === which ? "true" : "false",
      onclick: () => { which = name; scroller.scrollTop = 0; refresh() },
    }, `${words[name]} ${(lists[name] || []).length.toLocaleString()}`)))
    answers.textContent = lists.answers || ""
    const some = (lists.statements || [])
    root.classList.toggle("nothing", !some.length) // without a list nothing is missing from it
    statements.replaceChildren(...(some.length ? [h("b", {}, words.lists), ...some.map(([id, name, count]) => h("span", { class: "chip" }, `${name} (${count.toLocaleString()})`,
      h("button", { class: "x", title: words.remove, "aria-label": `${name} ${words.remove}`, onclick: () => send("remove", { list: id }) }, "✕")))] : [h("p", { class: "empty" }, words.empty),
      h("button", { class: "primary", onclick: () => window.dispatchEvent(new CustomEvent("rw-choose", { detail: { scope: model.scope } })) }, words.choose)]))
    filter()
  }
  const card = (part, label) => part && h("div", { class: "card" }, h("h3", {}, `${label} · ${part.title}`),
    h("dl", {}, ...part.facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])))
  const shownPicture = h("div")
  let sideDrawn = ""
  const showSide = () => {
    // The picture comes later than the rest, which stays: a press on one of its buttons may be under way.
    const { picture, ...view } = model.side, now = JSON.stringify(view)
    if (now !== sideDrawn) { sideDrawn = now; drawSide(view) }
    shownPicture.replaceChildren(...(picture && view.receipt ? [h("img", { class: "picture", src: picture, alt: view.receipt.title })] : []))
  }
  const drawSide = (view) => {
    if (!view.row && !view.receipt) { side.replaceChildren(h("p", { class: "empty" }, words.pick)); return }
    const likely = (view.candidates || []).filter((c) => c[7]), near = (view.candidates || []).filter((c) => !c[7])
    const list = (title, some, verb = "pair") => some.length ? [h("h3", {}, title), ...some.map((c) => h("div", { class: "candidate" },
      h("span", { class: "facts" }, ...c.slice(2, 7).filter(Boolean).map((cell) => h("span", {}, cell))),
      h("button", { onclick: () => send(verb, { row: c[0], receipt: c[1] }), "aria-label": `${c[6]} ${words[verb]}` }, words[verb])))] : []
    side.replaceChildren(...[
      card(view.row, words.row), card(view.receipt, words.receipt),
      h("div", { class: "acts" },
        view.linked && h("button", { class: "bad", onclick: () => send("unpair", { row: view.row.key, receipt: view.receipt.id }) }, words.unpair),
        view.receipt && h("button", { class: "quiet", onclick: () => send("review", { receipt: view.receipt.id }) }, words.open_receipt)),
      view.inquiry && view.inquiry.length && h("div", { class: "card" }, h("h3", {}, words.inquiry),
        h("p", { class: "answer" }, view.inquiry[1]),
        view.inquiry[2] && h("button", { class: "quiet", onclick: () => send("close", { key: view.inquiry[0] }) }, words.close)),
      ...list(words.maybe, likely), ...list(words.near, near),
      shownPicture,
      ...list(words.more, view.more || [], "add"),
    ].filter(Boolean))
  }
  const showPending = () => {
    const view = model.pending
    root.classList.toggle("asking", Boolean(view.name))
    if (!view.name) { pending.replaceChildren(); return }
    pending.replaceChildren(
      h("h2", {}, `${words.understood}: ${view.name}`),
      ...view.words.slice(1).map((text) => h("p", { class: "note" }, text)),
      view.trouble ? h("p", { class: "trouble", role: "alert" }, view.trouble) : "",
      h("p", { class: "soft" }, words.columns),
      h("div", { class: "columns" }, ...view.columns.map(([kind, label, chosen]) => h("label", {}, h("span", {}, label),
        h("select", { "aria-label": label, onchange: (e) => send("column", { kind, name: e.target.value, number: view.number }) },
          ...["", ...view.heading].map((name) => { const option = h("option", { value: name }, name || words.no_column); option.selected = name === chosen; return option }))))),
      view.table.length ? h("div", { class: "preview" }, h("table", {}, h("thead", {}, h("tr", {}, ...view.heads.map((name) => h("th", {}, name)))),
        h("tbody", {}, ...view.table.map((row) => h("tr", {}, ...row.map((cell) => h("td", {}, cell))))))) : "",
      h("p", { class: "soft" }, view.all),
      h("div", { class: "acts" }, h("button", { class: "primary", disabled: Boolean(view.trouble), onclick: () => send("take", { number: view.number }) }, words.take),
        h("button", { class: "quiet", onclick: () => send("forget", { number: view.number }) }, words.forget)))
  }

  search.addEventListener("input", filter)
  search.addEventListener("keydown", (e) => e.stopPropagation())
  due.addEventListener("keydown", (e) => e.stopPropagation())
  let waiting = false
  scroller.addEventListener("scroll", () => { if (!waiting) { waiting = true; requestAnimationFrame(() => { waiting = false; draw() }) } })
  new ResizeObserver(() => draw()).observe(scroller)
  model.on("lists", refresh)
  model.on("side", showSide)
  model.on("pending", showPending)
  model.on("msg:custom", (message) => {
    if (!message.file) { return }
    const link = h("a", { href: URL.createObjectURL(new Blob([message.data])), download: message.file })
    document.body.append(link); link.click(); link.remove()
    setTimeout(() => URL.revokeObjectURL(link.href), 60000)
  })
  refresh(); showSide(); showPending()
}
