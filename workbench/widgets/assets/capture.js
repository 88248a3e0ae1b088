
// Photographing on a phone: one press a picture, each looked at at once; a good one goes by itself, a doubtful one asks.
export function render({ model, el }) {
  const words = model.words
  const camera = node("input", { type: "file", accept: "image/*", hidden: true })
  camera.setAttribute("capture", "environment")
  const album = node("input", { type: "file", accept: "image/*,application/pdf", multiple: true, hidden: true })
  const shoot = node("button", { className: "shoot" })
  shoot.innerHTML = '<svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true"><path d="M9 3 7.2 5H4a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2V7a2 2 0 0 0-2-2h-3.2L15 3H9zm3 5a5 5 0 1 1 0 10 5 5 0 0 1 0-10zm0 2a3 3 0 1 0 0 6 3 3 0 0 0 0-6z"/></svg>'
  shoot.append(words.shoot)
  const choose = node("button", { textContent: words.choose })
  const shots = node("div", { className: "shots" })
  shots.setAttribute("aria-live", "polite")
  const count = node("span"), state = node("span"), rows = node("ul", { className: "rows" }), none = node("p", { className: "none", textContent: words.none })
  state.setAttribute("role", "status")
  el.append(node("div", { className: "capture" }, node("h1", { textContent: words.title }), camera, album, shoot, choose, shots,
    node("h2", {}, count, state), rows, none,
    ...(model.leads ? [node("button", { className: "quiet", textContent: words.desk, onclick: () => model.send_msg({ verb: "desk" }) })] : [])))

  // Names tell the shots of one phone apart: cameras call each of them image.jpg.
  let taken = 0
  const named = (file) => {
    taken += 1
    const now = new Date(), two = (n) => String(n).padStart(2, "0")
    const stamp = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`
    const ending = (/\.\w+$/.exec(file.name) || [".jpg"])[0]
    return new File([file], `${stamp}-${taken}${ending}`, { type: file.type })
  }
  const send = (file) => {
    model.send_msg({ verb: "sent" })
    window.dispatchEvent(new CustomEvent("rw-files", { detail: { scope: model.scope, files: [file] } }))
  }
  const said = ({ verdict, sides }) => verdict === "cut" ? words.cut.replace("{sides}", sides.map((one) => words[one]).join("·")) : words[verdict]

  const take = async (file, fresh) => {
    const own = fresh ? named(file) : file
    if (!file.type.startsWith("image/")) { send(own); return }
    const image = node("img", { alt: "" }), text = node("div", { className: "said", textContent: words.checking }), acts = node("div", { className: "acts" })
    const card = node("div", { className: "shot" }, image, text, acts)
    shots.prepend(card)
    let found
    try {
      const bitmap = await createImageBitmap(file)
      const picture = greys(bitmap, bitmap.width, bitmap.height)
      bitmap.close()
      image.src = picture.canvas.toDataURL("image/jpeg", 0.6)
      found = judged(picture)
    } catch (e) { found = { verdict: "sharp", sides: [] } } // a kind of picture that this browser cannot show; the server can
    text.textContent = said(found)
    if (found.verdict === "sharp") {
      card.classList.add("good"); send(own)
      setTimeout(() => card.remove(), 4000)
      return
    }
    card.classList.add("bad")
    acts.append(node("button", { className: "primary", textContent: words.again, onclick: () => { card.remove(); camera.click() } }),
      node("button", { textContent: words.keep, onclick: () => { card.remove(); send(own) } }))
  }
  shoot.addEventListener("click", () => camera.click())
  choose.addEventListener("click", () => album.click())
  camera.addEventListener("change", () => { for (const file of camera.files) { take(file, true) } camera.value = "" })
  album.addEventListener("change", () => { for (const file of album.files) { take(file, false) } album.value = "" })

  const draw = () => {
    if (!rows.parentNode.checkVisibility()) { return } // on a desk nobody sees it; drawn when it comes into sight
    const view = model.view
    count.textContent = view.rows.length ? `${words.read} ${view.count}` : ""
    state.textContent = view.running
    none.hidden = view.rows.length > 0
    rows.replaceChildren(...view.rows.map(([name, sign, word, merchant, won, day, why]) => node("li", {},
      node("span", { className: "name", textContent: merchant }), node("span", { className: "won", textContent: won }),
      node("span", { className: `state ${name}`, textContent: `${sign} ${word}` }), node("span", { className: "day", textContent: day }),
      ...(why ? [node("span", { className: "why", textContent: why })] : []))))
  }
  model.on("view", draw)
  const seen = new ResizeObserver(() => draw())
  seen.observe(rows.parentNode)
  model.on("remove", () => seen.disconnect())
  draw()
}
