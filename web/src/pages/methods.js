// the scripts of methods.html
import "../methods.js";
