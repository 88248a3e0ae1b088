// The editor: every field of the receipt in hand; the one in hand is open, with its picture right above the input.
// Draws what Python sends in `view`, keeps what is being typed, and sends verbs back. Nothing is committed while a
// syllable is being composed.

const composing = (e) => e.isComposing || e.keyCode === 229

export function render({ model, el }) {
  const root = h("div", { class: "sheet", tabindex: "-1" })
  el.append(root)
  let typed = null // {id, field, text, kept} while the input differs from what is kept
  let drawing = false
  let hand = null // {id, field, was}: the field just pressed, in hand here before Python has heard of it
  let returning = false // whether the server was away: what was typed waits for its receipt to come into hand again
  let away = false // whether the server is away
  let asked = "" // the field that Enter committed: refused, it is typed in on, and no figure of it picks a candidate
  let sent = null // what was committed last, until the server is known to have heard it

  const send = (verb, rest = {}) => {
    if (verb === "commit") { sent = { ...rest, at: performance.now() } }
    model.send_msg({ verb, id: model.view.id, ...rest })
  }
  const leave = () => { typed = null; root.focus({ preventScroll: true }) }

  // What was typed goes where it was typed, whatever Python shows by now.
  const keep = () => {
    const { id, field, text, kept } = typed
    typed = null
    if (text !== kept) { send("commit", { id, field, text, kept, next: false }) }
  }

  const input = (field, view) => {
    const kept = field.value
    const node = h("input", {
      class: "input", "data-of": `${view.id} ${field.name}`, value: typed && typed.id === view.id && typed.field === field.name ? typed.text : view.refusal ? view.refusal.text : kept,
      "aria-label": `${field.label} ${view.words.correct}`, "aria-invalid": view.refusal ? "true" : null,
      "aria-describedby": view.refusal ? "why" : null, spellcheck: "false", autocomplete: "off",
      inputmode: field.kind === "won" ? "numeric" : null,
      placeholder: view.words.empty, list: field.filled ? "used" : null,
    })
    // What stood there when the typing began, however often the sheet is drawn anew meanwhile.
    const began = () => typed && typed.id === view.id && typed.field === field.name ? typed.kept : kept
    node.addEventListener("input", () => { typed = { id: view.id, field: field.name, text: node.value, kept: began() } })
    node.addEventListener("focus", () => node.select())
    node.addEventListener("keydown", (e) => {
      e.stopPropagation()
      if (composing(e)) { return }
      if (e.key === "Enter") {
        e.preventDefault()
        const text = node.value, before = began()
        leave()
        asked = node.dataset.of
        send("commit", { id: view.id, field: field.name, text, kept: before, next: true })
      } else if (e.key === "Escape") {
        e.preventDefault(); node.value = kept; leave(); send("forget")
      } else if (e.key === "Tab" && !document.documentElement.hasAttribute("data-rw-walks")) {
        e.preventDefault()
        const text = node.value, changed = typed !== null, before = began()
        typed = null
        send("tab", { field: field.name, kept: before, text: changed ? text : null, by: e.shiftKey ? -1 : 1 })
        model.focus_next = true
      } else if (e.altKey && "123".includes(e.key)) {
        e.preventDefault(); leave(); send("pick", { number: Number(e.key), hand: model.view.hand })
      }
    })
    node.addEventListener("blur", () => {
      // A box that goes because the sheet is drawn anew was not left by anybody.
      if (!drawing && !away && typed && typed.id === view.id && typed.field === field.name) { keep() }
    })
    return node
  }

  const finding = ([severity, sign, name, text]) =>
    h("div", { class: `finding ${severity}` }, h("span", { class: "sign", title: name, "aria-label": name }, sign), h("span", {}, text))

  // What people fill in stands on no paper: no picture, no reading; what the case knows is offered while typing.
  const own = (field, view) => h("div", { class: "opened" },
    h("div", { class: "entry" }, input(field, view)),
    h("datalist", { id: "used" }, ...view.used.map((value) => h("option", { value }))),
    view.refusal ? h("div", { class: "refusal", id: "why", role: "alert" }, `✕ ${view.refusal.why}`) : null,
    view.fill ? h("div", { class: "read" }, h("button", { class: "fill", onpointerdown: (e) => e.preventDefault(),
      onclick: () => { const text = root.querySelector(".input").value; typed = null; leave(); send("fill", { field: field.name, text }) } }, view.fill)) : null,
    ...field.findings.map(finding),
    field.corrected ? h("div", { class: "read" }, h("span", { class: "source" }, field.who)) : null,
  )

  const goods = (found) => h("details", { class: "goods" },
    h("summary", {}, found.title, h("span", { class: `sum${found.same === false ? " differs" : ""}` }, [found.sum, found.differs].filter(Boolean).join(" · "))),
    h("table", {}, h("tr", {}, ...found.columns.map((text) => h("th", { scope: "col" }, text))),
      ...found.rows.map((cells) => h("tr", {}, ...cells.map((text) => h("td", {}, text))))))

  const opened = (field, view) => field.filled ? own(field, view) : h("div", { class: "opened" },
    view.crop ? h("div", { class: "crop" }, h("img", { src: view.crop, alt: view.words.crop })) : h("div", { class: "crop none" }, field.by_hand ? view.words.by_hand : view.words.no_crop),
    h("div", { class: "entry" },
      input(field, view),
      h("button", { class: "small", title: "Enter", onclick: () => send("accept", { hand: model.view.hand }) }, view.words.accept),
    ),
    view.refusal ? h("div", { class: "refusal", id: "why", role: "alert" }, `✕ ${view.refusal.why}`) : null,
    view.picks.length ? h("div", { class: "picks", "aria-label": view.words.picks }, ...view.picks.map((text, n) =>
      h("button", { class: "pick", onclick: () => send("pick", { number: n + 1, hand: model.view.hand }) }, h("kbd", {}, String(n + 1)), h("span", {}, text)))) : null,
    ...field.findings.map(finding),
    view.machine_crop ? h("details", { class: "evidence machine", open: view.machine,
      ontoggle: (e) => { if (e.target.open !== model.view.machine) { send("machine", { shown: e.target.open }) } } }, h("summary", {}, view.words.machine_read),
      h("div", { class: "crop" }, h("img", { src: view.machine_crop, alt: view.words.machine_read }))) : null,
    h("div", { class: "read" },
      h("span", { class: "key" }, view.words.read), h("span", { class: "mono" }, field.found ? field.read : view.words.nothing),
      field.raw && field.raw !== field.read ? h("span", { class: "raw", title: view.words.raw }, `“${field.raw}”`) : null,
      field.confidence !== null ? h("span", { class: `conf ${field.level}` }, `${view.words.confidence} ${field.confidence} %`) : null),
    field.corrected ? h("div", { class: "read" }, h("span", { class: "key" }, view.words.corrected), h("span", {}, field.who),
      h("span", { class: "source" }, field.by_hand ? view.words.by_hand : view.words.pointed),
      h("button", { class: "link", onclick: () => send("take_back", { hand: model.view.hand }) }, view.words.take_back)) : null,
    view.evidence.length ? h("details", { class: "evidence" }, h("summary", {}, `${view.words.evidence} ${view.evidence.length}`),
      h("ul", {}, ...view.evidence.map((text) => h("li", {}, text)))) : null,
  )

  const row = (field, view) => {
    const active = field.name === view.active
    const sign = field.filled ? "" : field.corrected ? "✎" : field.problem ? "△" : field.found ? "" : "–"
    const says = field.filled ? "" : field.corrected ? view.words.corrected : field.problem ? view.words.problem : field.found ? "" : view.words.nothing
    return h("div", { class: `field${active ? " active" : ""}${field.problem ? " problem" : ""}${field.corrected ? " corrected" : ""}`, "data-field": field.name },
      h("button", { class: "line", "aria-expanded": active ? "true" : "false",
        // Taken in hand, not opened for typing: the key pressed next is a command, not a letter of the value.
        onclick: () => { if (active) { focusInput() } else { take(field.name) } } },
        h("span", { class: "sign", title: says, "aria-label": says || null }, sign),
        h("span", { class: "label" }, field.label),
        h("span", { class: `value${field.value ? "" : " empty"}${field.kind === "text" ? "" : " mono"}` }, field.value || view.words.empty),
        field.thumb && !active ? h("img", { class: "thumb", src: field.thumb, alt: "" }) : h("span", { class: "thumb" }),
        h("span", { class: `conf ${field.level}`, title: view.words.confidence }, field.confidence === null || field.corrected ? "" : `${field.confidence}`)),
      active ? opened(field, view) : null)
  }

  // What is said of the whole receipt, above its fields: a question first, then what changed, then its findings.
  const ask = ([said, yes, no]) => h("div", { class: "question", role: "alertdialog", "aria-label": said },
    h("div", { class: "said" }, said),
    h("div", { class: "verbs" },
      h("button", { class: "danger", title: "Y", onclick: () => send("answer", { yes: true, hand: model.view.hand }) }, yes, " ", h("kbd", {}, "Y")),
      h("button", { title: "Esc", onclick: () => send("answer", { yes: false, hand: model.view.hand }) }, no, " ", h("kbd", {}, "Esc"))))
  const changed = (view) => h("div", { class: "since", role: "status" }, h("div", { class: "said" }, `↻ ${view.changed.said}`),
    view.changed.rows.length ? h("table", {}, h("tr", {}, h("th", {}), h("th", {}, view.words.approved_value), h("th", {}, view.words.now_value)),
      ...view.changed.rows.map(([label, was, now]) => h("tr", {}, h("th", {}, label), h("td", {}, was), h("td", { class: "now" }, now)))) : null,
    ...view.changed.unseen.map(([, sign, name, text]) => h("div", { class: "came" }, `${sign} ${name}: ${text}`)))
  const paper = (view) => ([severity, sign, name, text, active, linked], place) => {
    const reason = active ? h("input", { class: "reason", placeholder: view.words.reason, "aria-label": view.words.reason, autocomplete: "off" }) : null
    const settle = () => { const said = reason.value; leave(); send("settle", { reason: said, hand: view.hand }) }
    if (reason) {
      reason.addEventListener("keydown", (e) => {
        e.stopPropagation()
        if (composing(e)) { return }
        if (e.key === "Enter") { e.preventDefault(); settle() }
        if (e.key === "Escape") { e.preventDefault(); leave() }
      })
    }
    return h("div", { class: `paper ${severity}${active ? " active" : ""}` },
      h("button", { class: `finding ${severity}`, "aria-expanded": active ? "true" : "false", onclick: () => send("paper", { place }) },
        h("span", { class: "sign", title: name, "aria-label": name }, sign), h("span", {}, text)),
      active ? h("div", { class: "entry" }, reason,
        linked ? h("button", { class: "small", title: "W", onclick: () => send("beside") }, view.words.beside, " ", h("kbd", {}, "W")) : null, h("button", { class: "small", title: "V", onclick: settle }, view.words.settle, " ", h("kbd", {}, "V"))) : null)
  }

  const focusInput = () => { const node = root.querySelector(".input"); if (node) { node.focus({ preventScroll: false }) } }

  // At once, so that a key pressed right after it goes to this field and to no other.
  const take = (name) => {
    hand = { id: model.view.id, field: name, was: model.view.active }
    send("field", { field: name })
    setTimeout(draw) // after the click itself
  }
  const shown = () => {
    const view = model.view
    if (hand && (hand.id !== view.id || hand.was !== view.active)) { hand = null }
    return hand ? { ...view, active: hand.field, crop: "", machine_crop: "", picks: [], evidence: [], used: [], refusal: null } : view
  }

  const draw = () => {
    const view = shown()
    const focused = root.getRootNode().activeElement
    const typing = focused && focused.classList && focused.classList.contains("input")
    // A sheet drawn anew between pressing and letting go of a button would swallow the click.
    if (root.dataset.pressed === "yes") { root.dataset.late = "yes"; return }
    const held = typing && focused.dataset.of === `${view.id} ${view.active}` ? [focused.selectionStart, focused.selectionEnd] : null
    const same = typing && typed && typed.id === view.id && typed.field === view.active
    const reason = focused && focused.classList && focused.classList.contains("reason") ? focused : null
    const kept = reason && { text: reason.value, caret: reason.selectionStart }
    const caret = same ? [focused.selectionStart, focused.selectionEnd] : null
    if (same && root.dataset.composing === "yes") { root.dataset.late = "yes"; return }
    if (returning && typed && typed.id === view.id && [...view.fields, ...view.own].some((f) => f.name === typed.field && f.value === typed.text)) {
      typed = null; returning = false // it had arrived
    }
    const refused = asked === `${view.id} ${view.active}`
    if (!refused) { asked = "" }
    const here = typed && typed.id === view.id && typed.field === view.active
    if (typed && !here && !returning) { keep() }
    const scroll = root.scrollTop, unfolded = root.querySelector(".goods")?.open && root.dataset.of === view.id
    root.dataset.of = view.id
    if (!view.id) {
      const steps = view.first ? h("ol", {}, view.words.first_steps.map((step) => h("li", {}, step))) : view.words.no_receipt
      root.replaceChildren(h("div", { class: "nothing" }, steps))
      return
    }
    drawing = true
    root.replaceChildren(...[
      h("div", { class: "head" },
        h("div", { class: "title" },
          h("span", { class: `state ${view.state[0]}` }, h("span", { class: "sign" }, view.state[1]), view.state[2]),
          h("span", { class: "name", title: view.title }, view.title), h("span", { class: "where" }, view.where)),
        h("div", { class: "verbs" },
          h("button", { class: "primary", title: "A", disabled: !view.can_approve, onclick: () => send("approve", { revision: view.revision }) }, view.words.approve),
          h("button", { title: "N", onclick: () => send("next_problem") }, view.words.next_problem),
          h("button", { class: "quiet", onclick: () => send("read_again"), disabled: !view.can_read }, view.words.read_again),
          h("button", { class: "quiet", title: "H", onclick: () => send("history") }, view.words.history),
          h("span", { class: `left ${view.left ? "some" : ""}` }, view.words.left)),
        view.question ? ask(view.question) : null,
        view.changed ? changed(view) : null,
        view.waits ? h("div", { class: "waits", role: "status" }, view.waits) : null,
        view.waiting ? null : view.papers.map(paper(view)),
        view.offer && !view.question ? h("div", { class: "offer", role: "status" }, h("span", {}, view.words.offer),
          h("span", {}, h("kbd", {}, "A"), " ", h("kbd", {}, "Enter"), ` ${view.words.approve}`)) : null),
      ...(view.waiting ? [h("div", { class: "nothing" }, view.words.not_read)] : [
      view.error ? h("div", { class: "error", role: "alert" }, `✕ ${view.error}`) : null,
      h("div", { class: "fields" }, ...view.fields.map((field) => row(field, view))),
      view.goods ? goods(view.goods) : null,
      h("div", { class: "fields own", role: "group", "aria-label": view.words.own }, h("div", { class: "group" }, view.words.own),
        ...view.own.map((field) => row(field, view))),
      view.findings.length ? h("div", { class: "others" }, ...view.findings.map(finding)) : null,
      h("div", { class: "tax" },
        h("div", { class: "taxline" }, h("span", { class: "key" }, view.words.tax),
          h("span", { class: `taxtype${view.tax.failed ? " failed" : ""}` }, view.tax.text),
          view.tax.mock ? h("span", { class: "mock" }, view.words.mock) : null,
          h("button", { class: "link", title: "Q", onclick: () => send("look_up"), disabled: view.tax.busy }, view.words.retry)),
        view.tax.sub ? h("div", { class: "sub" }, view.tax.sub) : null,
        view.tax.deduction ? h("div", { class: "sub" }, h("b", {}, view.tax.deduction), view.tax.reason ? ` · ${view.tax.reason}` : "") : null),
      ]),
    ].filter(Boolean))
    drawing = false
    if (unfolded && root.querySelector(".goods")) { root.querySelector(".goods").open = true }
    root.scrollTop = scroll
    const open = root.querySelector(".field.active")
    if (open) {
      const [top, bottom] = [open.offsetTop - root.offsetTop, open.offsetTop - root.offsetTop + open.offsetHeight]
      if (bottom > root.scrollTop + root.clientHeight) { root.scrollTop = Math.min(top, bottom - root.clientHeight + 8) }
      if (top < root.scrollTop) { root.scrollTop = top - 4 }
    }
    const again = kept && root.querySelector(".reason")
    if (again) { again.value = kept.text; again.focus(); again.setSelectionRange(kept.caret, kept.caret) }
    else if (same) { const node = root.querySelector(".input"); node.focus(); node.setSelectionRange(...caret) }
    else if (held) { const node = root.querySelector(".input"); node.focus(); node.setSelectionRange(...held) }
    else if (here && returning) {
      returning = false
      const node = root.querySelector(".input")
      node.focus(); node.setSelectionRange(node.value.length, node.value.length)
    }
    else if (model.focus_next || view.refusal && (typing || refused && focused === root)) { model.focus_next = false; asked = ""; focusInput() }
    else if (typing) { root.focus({ preventScroll: true }) }
  }

  root.addEventListener("pointerdown", () => { root.dataset.pressed = "yes" })
  const released = () => setTimeout(() => { // the click itself comes first
    delete root.dataset.pressed
    if (root.dataset.late === "yes" && root.dataset.composing !== "yes") { delete root.dataset.late; draw() }
  }, 0)
  for (const end of ["pointerup", "pointercancel"]) { window.addEventListener(end, released) }
  root.addEventListener("compositionstart", () => { root.dataset.composing = "yes" })
  root.addEventListener("compositionend", () => {
    delete root.dataset.composing
    if (root.dataset.late) { delete root.dataset.late; setTimeout(draw) }
  })
  const edit = (e) => {
    if (e.detail.scope !== model.scope) { return }
    if (root.checkVisibility()) { focusInput() } else { send("front"); setTimeout(focusInput, 300) } // it stood behind the table
  }
  window.addEventListener("rw-edit", edit)
  const leaving = (e) => {
    away = true
    const { id, field, text, kept } = typed ?? sent ?? {}
    if (id) { e.detail.typed = { id, field, text, kept } }
  }
  const back = (e) => { away = false; if (e.detail.typed) { typed = e.detail.typed; returning = true; draw() } }
  const heard = (e) => { if (sent && sent.at < e.detail) { sent = null } }
  window.addEventListener("rw-heard", heard)
  window.addEventListener("rw-leaving", leaving)
  window.addEventListener("rw-back", back)
  model.on("view", draw)
  asksBeforeLeaving(model, () => typed && typed.text !== typed.kept)
  model.on("remove", () => {
    window.removeEventListener("rw-edit", edit)
    window.removeEventListener("rw-leaving", leaving)
    window.removeEventListener("rw-back", back)
    window.removeEventListener("rw-heard", heard)
    for (const end of ["pointerup", "pointercancel"]) { window.removeEventListener(end, released) }
  })
  draw()
}
