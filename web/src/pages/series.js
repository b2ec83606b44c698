// the scripts of series.html
import "../series.js";
