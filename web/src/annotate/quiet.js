// where a fieldworker looks and what they show is nobody's business: neither goes into the address, and so into no history
import * as address from "../address.js";

address.keepOut("map", "layers");
