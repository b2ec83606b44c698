// the index has no map: only the frame
"use strict";

Atlas.frame.start();
