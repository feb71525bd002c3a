// What sibling packages' tests may use.
export { Broker } from './broker.ts';
