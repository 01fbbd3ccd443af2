// Starts the search of the site, with the words that another page's search box sent along.
document.addEventListener("DOMContentLoaded", () => {
  const search = new PagefindUI({
    element: "#kt-search",
    showSubResults: true,
    showImages: false,
    resetStyles: false,
  });
  const words = new URLSearchParams(location.search).get("q");
  if (words) search.triggerSearch(words);
});
