// the scripts of cards.html
import "../cards.js";
