// the scripts of claims.html
import "../claims.js";
