// of a page whose lists, names and filters wait for the first drawing of its map
import * as variants from "./variants.js";

variants.map.patient = true;
