/** Whether a topic matches a glob in which `*` stands for any run of characters. */
export function topicMatcher(glob: string): (topic: string) => boolean {
  if (!glob.includes('*')) return (topic) => topic === glob;
  if (glob.indexOf('*') === glob.length - 1) {
    const prefix = glob.slice(0, -1);
    return (topic) => topic.startsWith(prefix);
  }
  const pattern = new RegExp(`^${glob.split('*').map(literal).join('.*')}$`, 's');
  return (topic) => pattern.test(topic);
}

function literal(text: string): string {
  return text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
}
