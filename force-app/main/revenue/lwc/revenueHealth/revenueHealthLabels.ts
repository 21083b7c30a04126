import attemptsMany from '@salesforce/label/c.Revenue_Health_Attempts_Many';
import attemptsOne from '@salesforce/label/c.Revenue_Health_Attempts_One';
import auditTitle from '@salesforce/label/c.Revenue_Health_Audit_Title';
import batches from '@salesforce/label/c.Revenue_Health_Batches';
import countedLater from '@salesforce/label/c.Revenue_Health_Counted_Later';
import detailsTitle from '@salesforce/label/c.Revenue_Health_Details_Title';
import due from '@salesforce/label/c.Revenue_Health_Due';
import errorTitle from '@salesforce/label/c.Revenue_Health_Error_Title';
import failing from '@salesforce/label/c.Revenue_Health_Failing';
import failures from '@salesforce/label/c.Revenue_Health_Failures';
import failuresLabel from '@salesforce/label/c.Revenue_Health_Failures_Label';
import healthy from '@salesforce/label/c.Revenue_Health_Healthy';
import hour from '@salesforce/label/c.Revenue_Health_Hour';
import interrupted from '@salesforce/label/c.Revenue_Health_Interrupted';
import lastAudit from '@salesforce/label/c.Revenue_Health_Last_Audit';
import links from '@salesforce/label/c.Revenue_Health_Links';
import loading from '@salesforce/label/c.Revenue_Health_Loading';
import mended from '@salesforce/label/c.Revenue_Health_Mended';
import mendedOf from '@salesforce/label/c.Revenue_Health_Mended_Of';
import neverAudited from '@salesforce/label/c.Revenue_Health_Never_Audited';
import nextAttempt from '@salesforce/label/c.Revenue_Health_Next_Attempt';
import nextRun from '@salesforce/label/c.Revenue_Health_Next_Run';
import nightlyTitle from '@salesforce/label/c.Revenue_Health_Nightly_Title';
import notStarted from '@salesforce/label/c.Revenue_Health_Not_Started';
import plans from '@salesforce/label/c.Revenue_Health_Plans';
import refresh from '@salesforce/label/c.Revenue_Health_Refresh';
import retry from '@salesforce/label/c.Revenue_Health_Retry';
import retryAll from '@salesforce/label/c.Revenue_Health_Retry_All';
import retryOf from '@salesforce/label/c.Revenue_Health_Retry_Of';
import retryTitle from '@salesforce/label/c.Revenue_Health_Retry_Title';
import running from '@salesforce/label/c.Revenue_Health_Running';
import runsAs from '@salesforce/label/c.Revenue_Health_Runs_As';
import schedule from '@salesforce/label/c.Revenue_Health_Schedule';
import shown from '@salesforce/label/c.Revenue_Health_Shown';
import start from '@salesforce/label/c.Revenue_Health_Start';
import started from '@salesforce/label/c.Revenue_Health_Started';
import startedBy from '@salesforce/label/c.Revenue_Health_Started_By';
import stepFigures from '@salesforce/label/c.Revenue_Health_Step_Figures';
import stepLinks from '@salesforce/label/c.Revenue_Health_Step_Links';
import unscheduledBody from '@salesforce/label/c.Revenue_Health_Unscheduled_Body';
import unscheduledTitle from '@salesforce/label/c.Revenue_Health_Unscheduled_Title';
import waiting from '@salesforce/label/c.Revenue_Health_Waiting';
import waitingEmptyBody from '@salesforce/label/c.Revenue_Health_Waiting_Empty_Body';
import waitingEmptyTitle from '@salesforce/label/c.Revenue_Health_Waiting_Empty_Title';
import waitingTitle from '@salesforce/label/c.Revenue_Health_Waiting_Title';

/** Texts of the page. */
export const labels = {
    attemptsMany,
    attemptsOne,
    auditTitle,
    batches,
    countedLater,
    detailsTitle,
    due,
    errorTitle,
    failing,
    failures,
    failuresLabel,
    healthy,
    hour,
    interrupted,
    lastAudit,
    links,
    loading,
    mended,
    mendedOf,
    neverAudited,
    nextAttempt,
    nextRun,
    nightlyTitle,
    notStarted,
    plans,
    refresh,
    retry,
    retryAll,
    retryOf,
    retryTitle,
    running,
    runsAs,
    schedule,
    shown,
    start,
    started,
    startedBy,
    stepFigures,
    stepLinks,
    unscheduledBody,
    unscheduledTitle,
    waiting,
    waitingEmptyBody,
    waitingEmptyTitle,
    waitingTitle
};
