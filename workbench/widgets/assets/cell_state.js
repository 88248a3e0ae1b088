function (cell) {
  // This cell also tells its row's receipt and lights the row in hand, so that the table need not be sent again.
  const row = cell.getRow(), el = row.getElement(), table = cell.getTable()
  const id = row.getData().receipt_id
  const light = (one) => {
    const here = one.dataset.id === table.rwChosen
    one.classList.toggle("chosen", here)
    if (here) { one.setAttribute("aria-current", "true") } else { one.removeAttribute("aria-current") }
  }
  // Two workbenches may stand in one notebook: a table listens to its own only, however deep in shadow roots.
  const ours = (scope) => {
    for (let node = table.element; node; node = node.parentNode || node.host) {
      if (node.classList && node.classList.contains(scope)) { return true }
    }
    return false
  }
  const seen = (one) => {
    const box = one.getBoundingClientRect(), view = table.element.querySelector(".tabulator-tableholder").getBoundingClientRect()
    return one.isConnected && box.top >= view.top - 1 && box.bottom <= view.bottom + 1
  }
  el.dataset.id = id
  if (!table.rwHears) {
    // The row in hand is sorted by what stood in it when it came into hand: it keeps its place until another is chosen.
    let held = null
    const inHand = () => table.getRows().find((one) => one.getData().receipt_id === table.rwChosen)
    const hold = () => { const one = inHand(); held = one ? { ...one.getData() } : null }
    const sorting = table.modules.sort, compare = sorting._sortRow, order = sorting.setSort
    const still = (one) => {
      const data = one.getData()
      if (!held || data.receipt_id !== held.receipt_id) { return one }
      return { getData: () => ({ ...held, _index: data._index }), getComponent: () => one.getComponent() }
    }
    sorting._sortRow = (a, b, ...how) => compare.call(sorting, still(a), still(b), ...how)
    sorting.setSort = (...how) => { hold(); return order.apply(sorting, how) } // asked for: by what holds now
    const sorted = () => table.getSorters().map((one) => one.field)
    const settle = () => {
      const left = held && table.getRows().find((one) => one.getData().receipt_id === held.receipt_id)
      const moved = left && sorted().some((field) => !Object.is(left.getData()[field], held[field]))
      hold()
      if (!moved) { return }
      const holder = table.element.querySelector(".tabulator-tableholder"), top = holder.scrollTop
      table.setSort(table.getSorters().map((one) => ({ column: one.field, dir: one.dir })))
      holder.scrollTop = top
    }
    table.rwHears = (e) => {
      if (!table.element.isConnected || table.rwChosen === e.detail.id || !ours(e.detail.scope)) { return }
      table.rwChosen = e.detail.id
      settle()
      table.element.querySelectorAll(".tabulator-row").forEach(light)
      const found = table.getRows("active").find((one) => one.getData().receipt_id === e.detail.id)
      // Scrolling draws the rows anew, for the topmost one even where nothing moves: it would close a cell being edited.
      if (found && !seen(found.getElement()) && !table.element.querySelector(".tabulator-editing")) {
        table.scrollToRow(found, "nearest", false).catch(() => {})
      }
    }
    window.addEventListener("rw-chosen", table.rwHears)
    table.element.querySelector(".tabulator-table").setAttribute("role", "presentation")
    table.rwRows = () => table.getRows("active")
    // Panel hands over the whole table for each word that changes, and scrolls to where it was when it last looked.
    // Drawn anew are only the rows that are others now, and nothing moves under the hand that scrolls meanwhile.
    const whole = table.setData.bind(table), holder = table.element.querySelector(".tabulator-tableholder")
    // A grid holds rows only: what scrolls them is one of their groups.
    holder.setAttribute("role", "rowgroup")
    let quiet = false
    holder.scrollTo = (...to) => { if (!quiet) { Element.prototype.scrollTo.apply(holder, to) } }
    table.setData = (data, ...rest) => {
      const rows = table.getRows(), same = rows.length === data.length && rows.every((one, i) => one.getData().receipt_id === data[i].receipt_id)
      const wholly = () => whole(data, ...rest).then(() => { if (!held) { hold() } })
      if (!same || table.element.offsetParent === null) { return wholly() }
      const others = (one, i, keys) => keys.some((key) => !Object.is(one.getData()[key], data[i][key]))
      const moves = sorted()
      if (rows.some((one, i) => one.getData().receipt_id !== held?.receipt_id && others(one, i, moves))) { return wholly() }
      quiet = true
      setTimeout(() => requestAnimationFrame(() => { quiet = false })) // behind the frame that Panel has asked for by then
      rows.forEach((one, i) => {
        if (others(one, i, Object.keys(data[i]))) { Object.assign(one.getData(), data[i]); one.reformat() }
      })
      return Promise.resolve()
    }
    table.element.addEventListener("dblclick", (e) => {
      const cell = e.target.closest(".tabulator-cell"), line = cell && cell.closest(".tabulator-row")
      if (line) { window.dispatchEvent(new CustomEvent("rw-cell", { detail: { table, id: line.dataset.id, field: cell.getAttribute("tabulator-field") } })) }
    })
    setTimeout(() => window.dispatchEvent(new CustomEvent("rw-table")))
  }
  light(el)
  setTimeout(() => window.dispatchEvent(new CustomEvent("rw-drawn", { detail: table })))
  const [name, sign, text] = STATES[cell.getValue()]
  const node = document.createElement("span")
  node.className = "state " + name
  const mark = document.createElement("span")
  mark.className = "sign"
  mark.textContent = sign
  node.append(mark, text)
  return node
}
