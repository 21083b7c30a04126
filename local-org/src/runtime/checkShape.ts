/** A database fits the org shape that it was made with. */
import { DEFAULT_SHAPE, shapeKey } from '../project/orgShape.ts';
import type { OrgShape } from '../project/types.ts';
import { StoreError } from '../store/errors.ts';
import type { Store } from '../store/Store.ts';

const KEY = 'orgShape';

/**
 * Remembers the shape of a new database.
 * @throws StoreError when the data were made with another shape: amounts, names and figures would mean other things
 */
export function checkShape(store: Store, shape: OrgShape): void {
  const isNew = store.keyPrefixes().size === 0;
  // Databases of former versions know no shapes and had none of these features.
  const before = isNew ? shapeKey(shape) : (store.value(KEY) ?? formerKey(shape));
  if (before !== shapeKey(shape))
    throw new StoreError(
      'OTHER_SHAPE',
      `these data belong to an org of another shape (${before}) than the scratch org definition makes (${shapeKey(shape)}); use the definition that made them (--definition), begin anew (start with --reset), or choose another folder (--data)`,
    );
  if (store.value(KEY) === null) store.transaction(() => store.setValue(KEY, before));
}

function formerKey({ currency, fiscalYear }: OrgShape): string {
  return shapeKey({ ...DEFAULT_SHAPE, currency, fiscalYear: { ...fiscalYear, namedAfter: 'end' } });
}
