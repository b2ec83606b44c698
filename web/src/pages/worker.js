// the worker of the site: keeps the page's files, gives them without a network, and changes them when the reader agrees
import "../site/worker.js";
