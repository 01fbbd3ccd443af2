// Filters the table of corrections as the reader types. Every word has to occur in a row.
document.addEventListener("DOMContentLoaded", () => {
  const table = document.getElementById("kt-corrections");
  if (!table) return;
  const input = document.getElementById("kt-filter");
  const kind = document.getElementById("kt-kind");
  const count = document.getElementById("kt-count");
  const rows = [...table.tBodies[0].rows].map((row) => [row, row.textContent.toLowerCase()]);

  function filter() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [row, text] of rows) {
      const fits = words.every((word) => text.includes(word));
      row.hidden = !fits || (kind.value !== "" && row.dataset.kind !== kind.value);
      shown += row.hidden ? 0 : 1;
    }
    count.textContent = count.dataset.form.replace("{shown}", shown).replace("{all}", rows.length);
  }

  input.addEventListener("input", filter);
  kind.addEventListener("change", filter);
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  filter();
});
