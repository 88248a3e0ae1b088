// A row of buttons, texts, choices and menus. What is there is changed in place, so that the focus stays where it is.
const set = (el, name, value) => { if (value === undefined || value === false || value === "") { el.removeAttribute(name) } else { el.setAttribute(name, value) } }
const picture = (path) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), shape = document.createElementNS("http://www.w3.org/2000/svg", "path")
  svg.setAttribute("viewBox", "0 0 24 24"); svg.setAttribute("aria-hidden", "true")
  shape.setAttribute("d", path); svg.append(shape)
  return svg
}

export function render({ model, el }) {
  const bar = node("div", { className: "bar" })
  el.append(bar)
  const say = (verb, what = "") => model.send_msg({ verb, what })
  const menu = (button, key) => {
    const list = node("div", { className: "menu" })
    list.setAttribute("popover", "auto"); list.setAttribute("role", "menu")
    const open = () => list.matches(":popover-open")
    list.addEventListener("toggle", () => { button.setAttribute("aria-expanded", String(open())); if (!open() && list.contains(el.getRootNode().activeElement)) { button.focus() } })
    list.addEventListener("keydown", (e) => {
      const items = [...list.children], at = items.indexOf(el.getRootNode().activeElement)
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[e.key]
      if (to !== undefined) { e.preventDefault(); e.stopPropagation(); items[(to + items.length) % items.length].focus() }
      if (e.key === "Tab") { list.hidePopover() }
    })
    button.popoverTargetElement = list
    button.setAttribute("aria-haspopup", "menu"); button.setAttribute("aria-expanded", "false")
    list.addEventListener("beforetoggle", (e) => {
      if (e.newState !== "open") { return }
      const place = button.getBoundingClientRect()
      list.style.top = `${place.bottom + 4}px`
      list.style.right = `${Math.max(4, document.documentElement.clientWidth - place.right)}px`
      setTimeout(() => list.firstElementChild?.focus())
    })
    const made = {}
    const entry = (what) => {
      const item = node("button")
      item.setAttribute("role", "menuitem")
      item.addEventListener("click", () => { list.hidePopover(); say(key, what) })
      return item
    }
    list.fill = (items) => { // in place: counts change while somebody walks through an open menu
      const wanted = items.map(([what, label]) => {
        const one = made[what] ??= entry(what)
        if (one.textContent !== label) { one.textContent = label }
        return one
      })
      for (const one of [...list.children]) { if (!wanted.includes(one)) { one.remove() } }
      wanted.forEach((one, at) => { if (list.children[at] !== one) { list.insertBefore(one, list.children[at] ?? null) } })
    }
    return list
  }
  const KINDS = {
    button: (item) => {
      const button = node("button"), text = node("span", { className: "text" })
      if (item.icon) { button.append(picture(item.icon)) }
      button.append(text)
      const list = item.menu ? menu(button, item.key) : null
      // One that greys while it has the focus keeps it until the person goes on: else the next key is the page's.
      const off = (now, held) => { button.disabled = now && !held; set(button, "aria-disabled", now && held ? "true" : "") }
      const greyed = () => button.getAttribute("aria-disabled") === "true"
      button.addEventListener("blur", () => { if (greyed()) { off(true, false) } })
      if (!list) { button.addEventListener("click", () => { if (!greyed()) { say(item.key) } }) }
      const draw = (now) => {
        button.className = now.look
        if (text.textContent !== now.label) { text.textContent = now.label }
        set(button, "aria-label", now.label); set(button, "title", now.hint || now.label)
        off(Boolean(now.disabled), button.matches(":focus"))
        set(button, "aria-busy", now.busy ? "true" : ""); set(button, "aria-pressed", now.on === undefined ? "" : String(now.on))
        if (list) { list.fill(now.menu) }
      }
      return [list ? node("span", { className: "holds" }, button, list) : button, draw]
    },
    words: (item) => { const box = node("div", { className: `words of-${item.key}` }); return [box, (now) => { if (box.innerHTML !== now.html) { box.innerHTML = now.html } }] },
    space: () => [node("span", { className: "space" }), () => {}],
    progress: (item) => {
      const fill = node("span"), track = node("div", { className: "progress" }, fill)
      track.setAttribute("role", "progressbar"); track.setAttribute("aria-label", item.label)
      return [track, (now) => {
        track.classList.toggle("unknown", now.percent === null)
        set(track, "aria-valuenow", now.percent === null ? "" : String(now.percent))
        fill.style.width = now.percent === null ? "" : `${now.percent}%`
      }]
    },
    choice: (item) => {
      const group = node("div", { className: "choice" })
      group.setAttribute("role", "group"); group.setAttribute("aria-label", item.label)
      const buttons = item.options.map(([label, what]) => {
        const button = node("button", { textContent: label })
        button.addEventListener("click", () => { show(what); say(item.key, what) }) // at once: the server answers with the same
        return [button, what]
      })
      const show = (chosen) => { for (const [button, what] of buttons) { button.setAttribute("aria-pressed", String(what === chosen)) } }
      group.append(...buttons.map(([button]) => button))
      return [group, (now) => show(now.chosen)]
    },
  }
  const parts = new Map()
  const draw = () => {
    for (const item of model.items) {
      let part = parts.get(item.key)
      const said = JSON.stringify(item)
      if (!part) { const [box, show] = KINDS[item.kind](item); part = { box, show }; parts.set(item.key, part); bar.append(box) }
      if (part.said !== said) { part.said = said; part.show(item); part.box.hidden = Boolean(item.hidden) }
    }
  }
  model.on("items", draw)
  draw()
}
