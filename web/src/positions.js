// the positions of a feature, where its shape is of that kind
/** @param {{ shape: Shape | null } | undefined} feature */
export const points = (feature) => (feature?.shape?.kind === "p" ? feature.shape.positions : []);
/** @param {{ shape: Shape | null } | undefined} feature */
export const lines = (feature) => (feature?.shape?.kind === "l" ? feature.shape.positions : []);
/** @param {{ shape: Shape | null } | undefined} feature */
export const areas = (feature) => (feature?.shape?.kind === "a" ? feature.shape.positions : []);
