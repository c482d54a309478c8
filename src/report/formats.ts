/** The formats of `validate --format`. */
export const reportFormats = ['text', 'json', 'sarif', 'junit', 'tap', 'github', 'markdown', 'html'] as const;
export type ReportFormat = (typeof reportFormats)[number];
