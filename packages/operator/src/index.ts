/** The MiniCluster operator. */
export { type Operator, type OperatorOptions, startOperator } from './operator.ts';
export { metricNames } from './report/metrics.ts';
export { operatorRules, type PolicyRule } from './rules.ts';
