import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { completionScript, shells } from './completion.ts';

const program = new Command('ebb');
program
  .command('get')
  .description("MiniClusters: what's there")
  .argument('[name]')
  .option('-o, --output <format>', 'yaml or json')
  .option('-f, --filename <file>', 'a file');
program.command('demo').argument('[scenario...]');
program.command('_names', { hidden: true });

describe.each(shells)('%s', (shell) => {
  const script = completionScript(program, shell);

  test('has the commands, and not what is ours alone', () => {
    expect(script).toMatch(/\bget\b/);
    expect(script).toMatch(/\bdemo\b/);
    expect(script.replaceAll('ebb _names', '')).not.toContain('_names');
  });

  test('asks for the MiniClusters that there are, and knows the words of options', () => {
    expect(script).toContain('ebb _names');
    expect(script).toMatch(/yaml json/);
    expect(script).toMatch(/basic expand/);
  });

  test('no description ends a quotation', () => {
    expect(script).not.toContain("what's");
  });
});
