import { verifyOwnAudit } from './audit/verify-audit.ts';
import { importCatalog, checkCatalogFile } from './catalog/import-catalog.ts';
import { checkPriceFile, importPrices } from './catalog/import-prices.ts';
import { listProducts } from './catalog/list-products.ts';
import { showProduct } from './catalog/show-product.ts';
import { accountMailContent, announceDueAccounts } from './customers/account-mail.ts';
import { commitCrossgrade, previewCrossgrade } from './crossgrades/commit-crossgrade.ts';
import { closeUndos } from './crossgrades/close-undo.ts';
import { crossgradeAudience, showDoneCrossgrade } from './crossgrades/show-done.ts';
import { undoCrossgrade } from './crossgrades/undo-crossgrade.ts';
import { addCustomer } from './customers/add-customer.ts';
import { checkCustomer } from './customers/check-customer.ts';
import { checkCustomerFile, importCustomers } from './customers/import-customers.ts';
import { editCustomer } from './customers/edit-customer.ts';
import { listCustomers } from './customers/list-customers.ts';
import { showCustomer } from './customers/show-customer.ts';
import { resumeCustomer, suspendCustomer } from './customers/suspend-customer.ts';
import { addDigest } from './digests/add-digest.ts';
import { pauseDigest, removeDigest, sendDigest } from './digests/change-digest.ts';
import { listDigests } from './digests/list-digests.ts';
import { runDigests } from './digests/run-digests.ts';
import { changeSeats, previewSeats } from './licenses/change-seats.ts';
import { previewRenewal, renewLicense } from './licenses/renew-license.ts';
import { activateLicense } from './licenses/activate-license.ts';
import { conversionChoices, convertLicense, previewConversion } from './licenses/convert-license.ts';
import { previewRemoval, removeLicense } from './licenses/remove-license.ts';
import { licenseChoices, showOneLicense } from './licenses/show-license.ts';
import { resumeLicense, suspendLicense } from './licenses/suspend-license.ts';
import { expiryContent } from './licenses/expiry-mail.ts';
import { renewalsDue, runRenewals } from './licenses/run-renewals.ts';
import { addedMailContent } from './licenses/added-mail.ts';
import { discontinuedMailContent } from './licenses/discontinued-mail.ts';
import { assign, draftCrossgrade, previewAssign } from './licenses/assign.ts';
import { listCredits } from './licenses/list-credits.ts';
import { listLicenses } from './licenses/list-licenses.ts';
import { dismissWaitingCrossgrade } from './licenses/dismiss-waiting.ts';
import { listWaitingCrossgrades } from './licenses/list-waiting.ts';
import { licenseHistory } from './licenses/license-history.ts';
import { showTransaction } from './licenses/show-transaction.ts';
import { listTransactions } from './licenses/list-transactions.ts';
import { showDashboard } from './licenses/show-dashboard.ts';
import { createPlan, previewPlan } from './plans/create-plan.ts';
import { editPlan, previewPlanEdit } from './plans/edit-plan.ts';
import { listPlans, planChoices, showPlan } from './plans/show-plan.ts';
import { addPartner } from './people/add-partner.ts';
import { addPerson } from './people/add-person.ts';
import { linkPerson } from './people/link-person.ts';
import { actorByEmail } from './people/resolve-actor.ts';
import { autoSubmitReports } from './reports/auto-submit-reports.ts';
import { closeCycles } from './reports/close-cycles.ts';
import { editReportLine } from './reports/edit-report-line.ts';
import { listReports } from './reports/list-reports.ts';
import { markReportLine } from './reports/mark-report-line.ts';
import { completeReport, reopenReport, returnReport, sendReport } from './reports/move-report.ts';
import { reportAudience } from './reports/report-audience.ts';
import { reviewReport } from './reports/review-report.ts';
import { showReport } from './reports/show-report.ts';
import { submitReport } from './reports/submit-report.ts';
import { showUsage } from './usage/show-usage.ts';
import {
  abandonAcceptances,
  acceptanceOwner,
  acceptNext,
  acceptSuiteChange,
  beginSuiteAcceptance,
  continueAcceptance,
  previewSuiteAcceptance,
  suiteAcceptanceProgress,
  wakeAcceptances,
} from './suites/accept-suite-change.ts';
import { approveSuiteChange } from './suites/approve-suite-change.ts';
import { listSuiteChanges, listSuiteCustomers, showSuiteChange } from './suites/list-suite-changes.ts';
import { suiteAudience } from './suites/tell-suite-change.ts';
import type { AnyUseCase } from './use-case.ts';

/** Every use case by name, as scripts call them: the ones that people do, by area, then the system's own. */
export const useCases: readonly AnyUseCase[] = [
  addCustomer,
  editCustomer,
  suspendCustomer,
  resumeCustomer,
  checkCustomer,
  listCustomers,
  showCustomer,
  listProducts,
  showProduct,
  createPlan,
  previewPlan,
  editPlan,
  previewPlanEdit,
  planChoices,
  listPlans,
  showPlan,
  assign,
  previewAssign,
  draftCrossgrade,
  previewCrossgrade,
  commitCrossgrade,
  undoCrossgrade,
  showDoneCrossgrade,
  listWaitingCrossgrades,
  dismissWaitingCrossgrade,
  changeSeats,
  previewSeats,
  convertLicense,
  previewConversion,
  conversionChoices,
  suspendLicense,
  resumeLicense,
  removeLicense,
  previewRemoval,
  showOneLicense,
  licenseChoices,
  renewLicense,
  previewRenewal,
  listLicenses,
  activateLicense,
  listCredits,
  listTransactions,
  showTransaction,
  licenseHistory,
  showDashboard,
  showUsage,
  listSuiteChanges,
  showSuiteChange,
  listSuiteCustomers,
  approveSuiteChange,
  acceptSuiteChange,
  previewSuiteAcceptance,
  beginSuiteAcceptance,
  suiteAcceptanceProgress,
  acceptNext,
  listReports,
  showReport,
  editReportLine,
  submitReport,
  reviewReport,
  markReportLine,
  sendReport,
  completeReport,
  returnReport,
  reopenReport,
  addDigest,
  listDigests,
  pauseDigest,
  removeDigest,
  sendDigest,
  verifyOwnAudit,

  runRenewals,
  closeCycles,
  runDigests,
  autoSubmitReports,
  abandonAcceptances,
  acceptanceOwner,
  continueAcceptance,
  wakeAcceptances,
  suiteAudience,
  reportAudience,
  addPartner,
  addPerson,
  linkPerson,
  actorByEmail,
  checkCatalogFile,
  importCatalog,
  checkPriceFile,
  importPrices,
  checkCustomerFile,
  importCustomers,
  announceDueAccounts,
  accountMailContent,
  addedMailContent,
  expiryContent,
  renewalsDue,
  discontinuedMailContent,
  crossgradeAudience,
  closeUndos,
];

/** The use cases that a person may do, by name: what scripts and `exec --schema` know. */
export const personUseCases: ReadonlyMap<string, AnyUseCase> = new Map(
  useCases.filter(({ needs }) => needs !== 'system').map((useCase) => [useCase.name, useCase]),
);

/** What runs by itself at its time, and for scripts when asked: always as the system. */
export const operatorJobs: ReadonlyMap<string, AnyUseCase> = new Map(
  [runRenewals, closeCycles, autoSubmitReports, runDigests].map((useCase) => [useCase.name, useCase]),
);
