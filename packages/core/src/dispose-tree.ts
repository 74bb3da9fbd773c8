/** What belongs to no scope, freed at once. */
import { checkTree, leaves, type Tree } from './tree.js';

/**
 * Frees every tensor of a tree; those that are gone already stay gone.
 *
 *     disposeTree([params, optimizerState]);
 *
 * @throws ArgumentError, code NOT_A_TREE, for anything but tensors in arrays and plain objects: it would be overlooked
 */
export function disposeTree(tree: Tree): void {
  checkTree('disposeTree', 'tree', tree);
  for (const x of leaves(tree)) x.dispose();
}
