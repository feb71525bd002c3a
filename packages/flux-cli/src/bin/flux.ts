/** The `flux` command: finds the subcommand and loads nothing else. */
import { drive } from '../driver/driver.ts';

process.exitCode = await drive(process.argv.slice(2));
