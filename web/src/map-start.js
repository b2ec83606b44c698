// when everything stands: the time, and the feature that a link names
import { openFromList } from "./map.js";
import { apply, openAsked } from "./map-state.js";

apply();
openAsked(openFromList);
