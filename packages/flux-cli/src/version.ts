/** The version of Flux whose protocols and words these are. */
export const fluxVersion = '0.88.0';
