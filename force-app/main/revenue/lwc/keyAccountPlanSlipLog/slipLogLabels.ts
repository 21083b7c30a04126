import amount from '@salesforce/label/c.Slip_Log_Amount';
import baseline from '@salesforce/label/c.Slip_Log_Baseline';
import changeDecreased from '@salesforce/label/c.Slip_Log_Change_Decreased';
import changeEntered from '@salesforce/label/c.Slip_Log_Change_Entered';
import changeIncreased from '@salesforce/label/c.Slip_Log_Change_Increased';
import changeLeft from '@salesforce/label/c.Slip_Log_Change_Left';
import changeLost from '@salesforce/label/c.Slip_Log_Change_Lost';
import changeOther from '@salesforce/label/c.Slip_Log_Change_Other';
import changeReopened from '@salesforce/label/c.Slip_Log_Change_Reopened';
import changeWon from '@salesforce/label/c.Slip_Log_Change_Won';
import closeDate from '@salesforce/label/c.Slip_Log_Close_Date';
import countMany from '@salesforce/label/c.Slip_Log_Count_Many';
import countOne from '@salesforce/label/c.Slip_Log_Count_One';
import date from '@salesforce/label/c.Slip_Log_Date';
import dealsTitle from '@salesforce/label/c.Slip_Log_Deals_Title';
import errorTitle from '@salesforce/label/c.Slip_Log_Error_Title';
import by from '@salesforce/label/c.Slip_Log_By';
import evenedOut from '@salesforce/label/c.Slip_Log_Evened_Out';
import fell from '@salesforce/label/c.Slip_Log_Fell';
import filter from '@salesforce/label/c.Slip_Log_Filter';
import filterAll from '@salesforce/label/c.Slip_Log_Filter_All';
import latest from '@salesforce/label/c.Slip_Log_Latest';
import loading from '@salesforce/label/c.Slip_Log_Loading';
import noBaselineBody from '@salesforce/label/c.Slip_Log_No_Baseline_Body';
import noBaselineTitle from '@salesforce/label/c.Slip_Log_No_Baseline_Title';
import noChangesBody from '@salesforce/label/c.Slip_Log_No_Changes_Body';
import noChangesTitle from '@salesforce/label/c.Slip_Log_No_Changes_Title';
import noDeals from '@salesforce/label/c.Slip_Log_No_Deals';
import otherNote from '@salesforce/label/c.Slip_Log_Other_Note';
import partDecreased from '@salesforce/label/c.Slip_Log_Part_Decreased';
import partEntered from '@salesforce/label/c.Slip_Log_Part_Entered';
import partIncreased from '@salesforce/label/c.Slip_Log_Part_Increased';
import partLeft from '@salesforce/label/c.Slip_Log_Part_Left';
import partLost from '@salesforce/label/c.Slip_Log_Part_Lost';
import partOther from '@salesforce/label/c.Slip_Log_Part_Other';
import partReopened from '@salesforce/label/c.Slip_Log_Part_Reopened';
import partWon from '@salesforce/label/c.Slip_Log_Part_Won';
import parts from '@salesforce/label/c.Slip_Log_Parts';
import rose from '@salesforce/label/c.Slip_Log_Rose';
import runningTotal from '@salesforce/label/c.Slip_Log_Running_Total';
import scaleCut from '@salesforce/label/c.Slip_Log_Scale_Cut';
import showChart from '@salesforce/label/c.Slip_Log_Show_Chart';
import showTable from '@salesforce/label/c.Slip_Log_Show_Table';
import stage from '@salesforce/label/c.Slip_Log_Stage';
import tableAmount from '@salesforce/label/c.Slip_Log_Table_Amount';
import tableBar from '@salesforce/label/c.Slip_Log_Table_Bar';
import tableTotal from '@salesforce/label/c.Slip_Log_Table_Total';
import title from '@salesforce/label/c.Slip_Log_Title';
import to from '@salesforce/label/c.Slip_Log_To';
import today from '@salesforce/label/c.Slip_Log_Today';
import unlogged from '@salesforce/label/c.Slip_Log_Unlogged';
import unmoved from '@salesforce/label/c.Slip_Log_Unmoved';
import weightChanged from '@salesforce/label/c.Slip_Log_Weight_Changed';

import type { BarName } from './waterfall';
import type { Difference, Step } from './slipLog';

export const BAR_LABELS: Record<BarName, string> = {
    Baseline: baseline,
    Entered: changeEntered,
    Increased: changeIncreased,
    Won: changeWon,
    Reopened: changeReopened,
    Decreased: changeDecreased,
    Lost: changeLost,
    Left: changeLeft,
    Other: changeOther,
    Today: today
};

/** What a step contributes to the sentence; {0} is its amount. */
export const PART_LABELS: Record<Step['change'], string> = {
    Entered: partEntered,
    Increased: partIncreased,
    Won: partWon,
    Reopened: partReopened,
    Decreased: partDecreased,
    Lost: partLost,
    Left: partLeft,
    Other: partOther
};

export const DIFFERENCE_LABELS: Record<Difference['what'], string> = {
    amount,
    closeDate,
    date,
    stage
};

export const labels = {
    by,
    countMany,
    countOne,
    dealsTitle,
    errorTitle,
    evenedOut,
    fell,
    filter,
    filterAll,
    latest,
    loading,
    noBaselineBody,
    noBaselineTitle,
    noChangesBody,
    noChangesTitle,
    noDeals,
    otherNote,
    parts,
    rose,
    runningTotal,
    scaleCut,
    showChart,
    showTable,
    tableAmount,
    tableBar,
    tableTotal,
    title,
    to,
    unlogged,
    unmoved,
    weightChanged
};
