// the scripts of the courier's page
import "../annotate/quiet.js";
import "../courier/courier.js";

// what tests look at, as `Atlas`
export * as codes from "../handover/codes.js";
