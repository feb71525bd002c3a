interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: string[];
  }[];
}

/** A LabelSelector as Go prints a pointer to one in messages. Facts: k8s.io/apimachinery pkg/apis/meta/v1/generated.pb.go. */
export function labelSelectorText(selector: object | undefined): string {
  if (!selector) return 'nil';
  const { matchLabels = {}, matchExpressions = [] } = selector as LabelSelector;
  const labels = Object.entries(matchLabels)
    .map(([key, value]) => `${key}: ${value},`)
    .sort();
  const expressions = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}
