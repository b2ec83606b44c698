// the theme's search is a dialogue without a name: it takes that of its field, in the language of the page
document.querySelector(".md-search")?.setAttribute("aria-label", document.querySelector(".md-search__input")?.placeholder ?? "");
