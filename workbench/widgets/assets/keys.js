// The keyboard: single keys become verbs, unless something is being typed. Tells the table which row is in hand.

const PLAIN = {
  ArrowDown: "next", KeyJ: "next", ArrowUp: "previous", KeyK: "previous", KeyN: "next_problem", Space: "next_problem",
  Digit1: "pick1", Digit2: "pick2", Digit3: "pick3", Numpad1: "pick1", Numpad2: "pick2", Numpad3: "pick3",
  KeyE: "edit", F2: "edit", Enter: "accept", NumpadEnter: "accept", Backspace: "take_back", KeyD: "area", KeyA: "approve",
  KeyV: "settle", KeyW: "beside", KeyY: "yes", KeyH: "history", KeyQ: "look_up", KeyX: "mark", Slash: "search", KeyC: "columns", KeyF: "fit", KeyR: "rotate", KeyG: "clear", KeyS: "sheets", Escape: "escape",
}
const writes = (node) => node instanceof Element && (node.matches("input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select") || node.isContentEditable)
// What lies above the page has its own keys.
const above = (node) => node instanceof Element && ["dialog", "menu", "listbox"].includes(node.getAttribute("role"))
// A part that walks over its own cells takes plain keys itself.
const own = (node) => node instanceof Element && node.classList.contains("rw-own-keys")
const presses = (node) => node instanceof Element && node.matches("button, a, summary, [role=button], [role=menuitem], [role=tab], [role=option]")

const WALKS = "data-rw-walks" // the editor looks at it, too
const AREAS = ["rw-top", "rw-banner", "rw-list", "rw-sight", "rw-fields", "rw-place"]
const REACHED = "button:not(:disabled), input:not(:disabled):not([type=file]), select, [tabindex='0']"

export function render({ model, el }) {
  el.style.display = "none"
  const ours = (path) => !model.inside || path.some((n) => n instanceof Element && n.classList.contains(model.scope))
  const announce = () => window.dispatchEvent(new CustomEvent("rw-chosen", { detail: { scope: model.scope, id: model.chosen } }))

  // In a notebook keys count where the workbench was touched last: a dialog that closes, or a button that was pressed,
  // leaves the focus to nobody.
  let mine = !model.inside
  const held = () => walking(false)
  const touched = (e) => { const path = e.composedPath(); mine = ours(path) || (mine && path.some(above)) }
  // A button that goes or greys lets go of the focus, and its dialog takes it up only some 50 ms later.
  let last = null
  const covered = () => last !== null && last.isConnected && last.checkVisibility({ visibilityProperty: true })

  // F6 goes from area to area, to its first button; Tab goes on from there as everywhere. Where nothing has the focus, or
  // the mouse gave it, and in a field that a key opened, Tab goes through the fields of the receipt.
  const walking = (now) => document.documentElement.toggleAttribute(WALKS, now)
  const walks = () => document.documentElement.hasAttribute(WALKS)
  const areas = () => {
    const found = new Map()
    const walk = (parent, area) => {
      for (const child of parent.children) {
        const now = AREAS.find((name) => child.classList.contains(name)) ? child : area
        if (child.shadowRoot) { walk(child.shadowRoot, now) }
        walk(child, now)
        if (now && !found.has(now) && child.matches(REACHED) && child.checkVisibility({ visibilityProperty: true })) { found.set(now, child) }
      }
    }
    let root = el
    while (!root.classList?.contains(model.scope)) { root = root.parentNode ?? root.host }
    walk(root.shadowRoot, null)
    return found
  }
  const toArea = (by) => {
    const path = []
    for (let node = document.activeElement; node; node = node.shadowRoot?.activeElement) { path.push(node) }
    const inside = new Set()
    for (let node = path.at(-1); node; node = node.parentNode ?? node.host) { inside.add(node) }
    const found = [...areas()], at = found.findLastIndex(([area]) => inside.has(area))
    found.at((at + by + (at < 0 && by < 0 ? 1 : 0)) % found.length)?.[1].focus()
  }

  const onKey = (e) => {
    const path = e.composedPath(), target = path[0]
    // The event may have begun outside an input that has the focus by now, inside however many shadow roots.
    let holds = document.activeElement
    while (holds && holds.shadowRoot && holds.shadowRoot.activeElement) { holds = holds.shadowRoot.activeElement }
    if (e.isComposing || e.keyCode === 229 || !(ours(path) || (mine && target === document.body))) { return }
    if (e.code === "F6" && !path.some(above)) { e.preventDefault(); e.stopPropagation(); walking(true); toArea(e.shiftKey ? -1 : 1); return }
    if (e.code === "Tab" && (presses(target) || (writes(target) && !target.matches(".input")))) { walking(true) }
    if (writes(target) || writes(holds)) { return }
    if (path.some(own) && !(e.ctrlKey || e.metaKey) && e.key !== "?") { return }
    if (path.some(above) || (target === document.body && covered())) { return }
    let verb = null
    if ((e.ctrlKey || e.metaKey) && !e.altKey) {
      if (e.code === "KeyZ") { verb = e.shiftKey ? "redo" : "undo" }
      if (e.code === "KeyY") { verb = "redo" }
    } else if (e.key === "?") { verb = "help" }
    else if (e.code === "Tab") { if (!presses(target) && !(walks() && target !== document.body)) { verb = e.shiftKey ? "field_previous" : "field_next" } }
    else if (!e.altKey && !e.shiftKey) { verb = PLAIN[e.code] }
    if (!verb || (presses(target) && ["Enter", "NumpadEnter", "Space", "ArrowDown", "ArrowUp"].includes(e.code))) { return }
    e.preventDefault(); e.stopPropagation()
    walking(false)
    if (verb === "edit") { window.dispatchEvent(new CustomEvent("rw-edit", { detail: { scope: model.scope } })); return }
    if (verb === "search") { window.dispatchEvent(new CustomEvent("rw-search", { detail: { scope: model.scope } })); return }
    if (verb === "columns") { window.dispatchEvent(new CustomEvent("rw-columns", { detail: { scope: model.scope } })); return }
    if (!e.repeat || ["next", "previous", "undo", "redo", "field_next", "field_previous"].includes(verb)) { model.send_msg({ verb, id: model.chosen, revision: model.revision, hand: model.hand }) }
  }
  const onFocus = (e) => { last = e.composedPath().find(above) ?? null }
  // A button pressed with the mouse gives the focus back, so that Enter means "accept" again and not the button.
  const onClick = (e) => {
    const path = e.composedPath(), button = path.find(presses)
    if (button && e.detail > 0 && ours(path) && !path.some(above)) { button.blur() }
  }

  const onCopy = (e) => { // words that are marked on the page are copied as they are
    const path = e.composedPath()
    if (!ours(path) || path.some(writes) || path.some(above) || String(getSelection()) || !model.copy[1]) { return }
    e.clipboardData.setData("text/plain", model.copy[1])
    e.preventDefault()
    model.send_msg({ verb: "copied" })
  }
  document.addEventListener("copy", onCopy)
  document.addEventListener("keydown", onKey, true)
  document.addEventListener("focusin", onFocus, true)
  document.addEventListener("focusin", touched, true)
  document.addEventListener("pointerdown", touched, true)
  document.addEventListener("pointerdown", held, true)
  document.addEventListener("click", onClick)
  window.addEventListener("rw-table", announce)
  model.on("chosen", announce)
  announce()
  const ready = () => { if (model.ready) { document.documentElement.dataset.rwReady = "true" } }
  model.on("ready", ready)
  ready()

  // In JupyterLab dark as it is; elsewhere as the person left it in this browser, else as the system has it.
  const LIGHTS = "receipt-workbench-dark"
  const lab = () => document.body.dataset.jpThemeLight
  const light = (dark) => { if (dark !== model.dark) { model.send_msg({ verb: dark ? "dark" : "light" }) } }
  if (model.follow && lab() !== undefined) {
    light(lab() === "false")
    const watch = new MutationObserver(() => light(lab() === "false"))
    watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] })
    model.on("remove", () => watch.disconnect())
  } else if (model.follow) {
    const left = localStorage.getItem(LIGHTS)
    light(left !== null ? left === "yes" : matchMedia("(prefers-color-scheme: dark)").matches)
    model.on("dark", () => localStorage.setItem(LIGHTS, model.dark ? "yes" : "no"))
  }
  model.on("remove", () => {
    document.removeEventListener("copy", onCopy)
    document.removeEventListener("keydown", onKey, true)
    document.removeEventListener("focusin", onFocus, true)
    document.removeEventListener("focusin", touched, true)
    document.removeEventListener("pointerdown", touched, true)
    document.removeEventListener("pointerdown", held, true)
    document.removeEventListener("click", onClick)
    window.removeEventListener("rw-table", announce)
  })
}
