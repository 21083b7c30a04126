/** A formula that can't be used; `offset` counts characters of its text. */
export class FormulaError extends Error {
  readonly code = 'FORMULA';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'FormulaError';
    this.offset = offset;
  }
}

/** A value that can't be computed (division by zero): the field shows #Error!, a validation rule doesn't hold. */
export class FormulaEvaluationError extends Error {
  readonly code = 'FORMULA_EVALUATION';
}
