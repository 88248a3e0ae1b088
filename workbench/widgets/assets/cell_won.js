function (cell) {
  const value = cell.getValue()
  return value === null || value === undefined || Number.isNaN(value) ? "" : Math.round(value).toLocaleString("en-US")
}
