// the scripts of timeline.html
import "../timeline.js";
