/** Thrown inside a rendering and caught at its edge: the template needs something that is not known here. */
export class Undecidable extends Error {}

/** A parameter that no generator gives: with `missingkey=error` nothing is made, without it the text is `<no value>`. */
export class MissingParameter extends Undecidable {
  constructor(readonly parameter: string) {
    super(`the parameter ${parameter}, which no generator gives`);
  }
}
