// the index has no map: only the frame
import { start } from "../frame.js";

start();
