// Where the server does not answer, a bar lies over everything and takes every key and click. A line that is closed says
// so itself; one that is silent (a frozen server, a network that lets nothing through) is found out by a beat that goes
// the way of every word and comes back. What was being typed stays: where the line answers again the page goes on, and
// where it is gone the page is loaded anew, and the same receipt, field and text stand there.
const KEPT = "receipt-workbench-return"
const TICK = 200, BEAT = 2, DOUBT = 5, SILENT = 12 // ms; the others in ticks, so that a sleeping browser counts nothing
const GIVEN_UP = 5000 // ms that a line may stay silent although the server answers other calls
const INPUT = ["keydown", "keypress", "beforeinput", "pointerdown", "mousedown", "touchstart", "click", "dblclick", "drop"]

const answers = async (patience) => {
  try {
    const answer = await fetch(location.href, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(patience) })
    return answer.status < 500
  } catch { return false }
}

export function render({ model, el }) {
  el.style.display = "contents"
  if (model.inside) { return }
  const cover = document.createElement("div")
  cover.className = "cover"
  cover.setAttribute("popover", "manual")
  const bar = Object.assign(document.createElement("div"), { className: "bar" })
  bar.setAttribute("role", "alert")
  cover.append(bar)
  el.append(cover)

  let state = "there" // "silent": no answer so far; "lost": the line is closed, and only a new page has another
  let going = false // the page is being left: its line ends, and that is nothing to tell
  const stop = (e) => { e.preventDefault(); e.stopImmediatePropagation() }
  const listen = (how) => { for (const kind of INPUT) { window[how](kind, stop, { capture: true, passive: false }) } }
  const leaving = () => {
    const detail = { id: model.chosen, field: model.field }
    window.dispatchEvent(new CustomEvent("rw-leaving", { detail }))
    return detail
  }
  const anew = () => {
    if (going) { return }
    sessionStorage.setItem(KEPT, JSON.stringify(leaving()))
    document.documentElement.dataset.rwAnew = "" // what is typed comes along, and nobody is asked
    location.reload()
  }
  const look = async () => { if (await answers(4000)) { anew() } else { setTimeout(look, 700) } }
  const wait = async (since) => { // whether the line comes back, or only the server
    if (state !== "silent") { return }
    const there = await answers(4000)
    if (state !== "silent") { return }
    if (there && since && performance.now() - since > GIVEN_UP) { lose("lost"); return }
    setTimeout(() => wait(there ? since || performance.now() : 0), 700)
  }
  const lose = (how) => {
    if (going || state === how || state === "lost") { return }
    if (state === "there") {
      leaving()
      cover.showPopover()
      listen("addEventListener")
    }
    state = how
    bar.textContent = how === "lost" ? model.text : model.silent
    if (how === "lost") { setTimeout(look, 700) } else { wait(0) }
  }
  const stay = () => {
    state = "there"
    cover.hidePopover()
    listen("removeEventListener")
    window.dispatchEvent(new CustomEvent("rw-back", { detail: {} }))
  }

  let asked = 0, heard = 0, quiet = 0, ticks = 0, other = null // whether the server answered another call meanwhile
  const beat = () => {
    asked += 1
    model.send_msg({ beat: asked, sent: performance.now() })
  }
  model.on("msg:custom", (said) => {
    heard = said.beat; quiet = 0; other = null
    window.dispatchEvent(new CustomEvent("rw-heard", { detail: said.sent }))
    if (state === "silent") { stay() }
  })
  const pulse = setInterval(() => {
    ticks += 1
    if (state === "lost" || document.hidden) { quiet = 0; return }
    if (state === "silent") { if (ticks % 5 === 0) { beat() } return }
    if (asked === heard) { quiet = 0; if (ticks % BEAT === 0) { beat() } return }
    quiet += heard > 0 // a page that is still being built answers nobody yet
    if (quiet === DOUBT) { answers(TICK * (SILENT - DOUBT)).then((there) => { other = there }) }
    if (quiet >= SILENT && other !== true) { lose("silent") }
    else if (quiet * TICK > SILENT * TICK + GIVEN_UP) { lose("silent") }
  }, TICK)

  const closed = () => lose("lost")
  for (const one of Bokeh.documents) { one.on_event("connection_lost", closed) }
  const leave = () => { going = true }
  const leaveOrStay = () => { leave(); setTimeout(() => { going = false }, 3000) } // they may say no
  window.addEventListener("beforeunload", leaveOrStay)
  window.addEventListener("pagehide", leave)
  window.addEventListener("offline", closed)
  model.on("remove", () => {
    clearInterval(pulse)
    window.removeEventListener("beforeunload", leaveOrStay)
    window.removeEventListener("pagehide", leave)
    window.removeEventListener("offline", closed)
  })

  const kept = sessionStorage.getItem(KEPT)
  if (kept) {
    sessionStorage.removeItem(KEPT)
    const back = JSON.parse(kept)
    if (back.id) { model.send_msg({ id: back.id, field: back.typed ? back.typed.field : back.field }) }
    setTimeout(() => window.dispatchEvent(new CustomEvent("rw-back", { detail: back })))
  }
}
