import { engineRule } from '../../engine-rule.js';

export const migProfileExists = engineRule('mig-profile-exists', 'A MIG profile does not exist on the card.');
