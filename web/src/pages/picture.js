// while the scripts of the map are read, its still picture stands where the map will
import { show } from "../picture.js";

show();
