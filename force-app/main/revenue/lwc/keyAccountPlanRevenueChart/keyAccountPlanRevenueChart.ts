import { LightningElement, api, wire } from 'lwc';
import { getFieldValue, getRecord } from 'lightning/uiRecordApi';
import type { FieldId, RecordRepresentation } from 'lightning/uiRecordApi';
import TEXT_DIRECTION from '@salesforce/i18n/dir';

import FORECAST_TARGET_VARIANCE from '@salesforce/schema/Key_Account_Plan__c.Forecast_Target_Variance__c';
import LINKED_OPPORTUNITY_COUNT from '@salesforce/schema/Key_Account_Plan__c.Linked_Opportunity_Count__c';
import PIPELINE from '@salesforce/schema/Key_Account_Plan__c.Pipeline__c';
import PIPELINE_COVERAGE from '@salesforce/schema/Key_Account_Plan__c.Pipeline_Coverage__c';
import SALES_TARGET from '@salesforce/schema/Key_Account_Plan__c.Sales_Target__c';
import TOTAL_EXPECTED_REVENUE from '@salesforce/schema/Key_Account_Plan__c.Total_Expected_Revenue__c';
import WEIGHTED_PIPELINE from '@salesforce/schema/Key_Account_Plan__c.Weighted_Pipeline__c';
import WON_REVENUE from '@salesforce/schema/Key_Account_Plan__c.Won_Revenue__c';

import aheadLabel from '@salesforce/label/c.Revenue_Chart_Ahead';
import behindLabel from '@salesforce/label/c.Revenue_Chart_Behind';
import coverageTimesLabel from '@salesforce/label/c.Revenue_Chart_Coverage_Times';
import errorTitleLabel from '@salesforce/label/c.Revenue_Chart_Error_Title';
import exactlyLabel from '@salesforce/label/c.Revenue_Chart_Exactly';
import forecastTargetVarianceLabel from '@salesforce/label/c.Revenue_Chart_Forecast_Target_Variance';
import linkedOpportunitiesLabel from '@salesforce/label/c.Revenue_Chart_Linked_Opportunities';
import linkedOpportunityLabel from '@salesforce/label/c.Revenue_Chart_Linked_Opportunity';
import loadingLabel from '@salesforce/label/c.Revenue_Chart_Loading';
import notApplicableLabel from '@salesforce/label/c.Revenue_Chart_Not_Applicable';
import noTargetBodyLabel from '@salesforce/label/c.Revenue_Chart_No_Target_Body';
import noTargetTitleLabel from '@salesforce/label/c.Revenue_Chart_No_Target_Title';
import ofTargetLabel from '@salesforce/label/c.Revenue_Chart_Of_Target';
import pipelineCoverageLabel from '@salesforce/label/c.Revenue_Chart_Pipeline_Coverage';
import pipelineLabel from '@salesforce/label/c.Revenue_Chart_Pipeline';
import salesTargetLabel from '@salesforce/label/c.Revenue_Chart_Sales_Target';
import showChartLabel from '@salesforce/label/c.Revenue_Chart_Show_Chart';
import showTableLabel from '@salesforce/label/c.Revenue_Chart_Show_Table';
import tableAmountLabel from '@salesforce/label/c.Revenue_Chart_Table_Amount';
import tableMeasureLabel from '@salesforce/label/c.Revenue_Chart_Table_Measure';
import tablePercentLabel from '@salesforce/label/c.Revenue_Chart_Table_Percent';
import titleLabel from '@salesforce/label/c.Revenue_Chart_Title';
import totalExpectedRevenueLabel from '@salesforce/label/c.Revenue_Chart_Total_Expected_Revenue';
import weightedPipelineLabel from '@salesforce/label/c.Revenue_Chart_Weighted_Pipeline';
import wonRevenueLabel from '@salesforce/label/c.Revenue_Chart_Won_Revenue';

import { fillLabel } from 'c/labelText';
import { amountText, numberText, percentText } from 'c/valueText';
import { hasTarget, layOutChart, percentOfTarget } from './revenueMeasures';
import type { MeasureName, PlanFigures } from './revenueMeasures';

const FIELDS: FieldId[] = [
    FORECAST_TARGET_VARIANCE,
    LINKED_OPPORTUNITY_COUNT,
    PIPELINE,
    PIPELINE_COVERAGE,
    SALES_TARGET,
    TOTAL_EXPECTED_REVENUE,
    WEIGHTED_PIPELINE,
    WON_REVENUE
];

/** Exists only in orgs with several currencies, so it can't be imported from the schema. */
const CURRENCY_ISO_CODE = 'Key_Account_Plan__c.CurrencyIsoCode';

const MEASURE_LABELS: Record<MeasureName, string> = {
    salesTarget: salesTargetLabel,
    wonRevenue: wonRevenueLabel,
    weightedPipeline: weightedPipelineLabel,
    forecastTargetVariance: forecastTargetVarianceLabel
};

interface WiredRecord {
    data?: RecordRepresentation;
    error?: unknown;
}

interface Row {
    key: string;
    label: string;
    amount: string;
    percent: string;
}

interface BarRow extends Row {
    ofTarget: string;
    hasPercent: boolean;
    barClass: string;
    x: string;
    width: string;
}

/**
 * Answers in one look whether the pipeline carries a customer to the plan's target: target, won revenue, weighted
 * pipeline and variance on one scale, each with its amount and its percentage of the target.
 */
export default class KeyAccountPlanRevenueChart extends LightningElement {
    /** Id of the Key Account Plan; set by the record page. */
    @api recordId?: string;

    showsTable = false;

    readonly fields = FIELDS;
    readonly optionalFields = [CURRENCY_ISO_CODE];

    readonly labels = {
        errorTitle: errorTitleLabel,
        loading: loadingLabel,
        noTargetBody: noTargetBodyLabel,
        noTargetTitle: noTargetTitleLabel,
        showChart: showChartLabel,
        showTable: showTableLabel,
        tableAmount: tableAmountLabel,
        tableMeasure: tableMeasureLabel,
        tablePercent: tablePercentLabel,
        title: titleLabel
    };

    @wire(getRecord, { recordId: '$recordId', fields: '$fields', optionalFields: '$optionalFields' })
    plan: WiredRecord = {};

    get isLoading(): boolean {
        return !this.plan.data && !this.plan.error;
    }

    get error(): unknown {
        return this.plan.error;
    }

    get figures(): PlanFigures | null {
        const plan = this.plan.data;
        if (!plan) {
            return null;
        }
        const amount = (field: FieldId): number => Number(getFieldValue(plan, field) ?? 0);
        const optionalAmount = (field: FieldId): number | null => {
            const value = getFieldValue(plan, field);
            return value === null || value === undefined ? null : Number(value);
        };
        return {
            salesTarget: optionalAmount(SALES_TARGET),
            wonRevenue: amount(WON_REVENUE),
            pipeline: amount(PIPELINE),
            weightedPipeline: amount(WEIGHTED_PIPELINE),
            totalExpectedRevenue: amount(TOTAL_EXPECTED_REVENUE),
            forecastTargetVariance: amount(FORECAST_TARGET_VARIANCE),
            pipelineCoverage: optionalAmount(PIPELINE_COVERAGE),
            linkedOpportunityCount: amount(LINKED_OPPORTUNITY_COUNT)
        };
    }

    get hasNoTarget(): boolean {
        return this.figures !== null && !hasTarget(this.figures.salesTarget);
    }

    /** Without a target there are no bars to go back to, so nothing to toggle. */
    get hasChartToggle(): boolean {
        return this.figures !== null && !this.hasNoTarget;
    }

    get showsChart(): boolean {
        return !this.hasNoTarget && !this.showsTable;
    }

    get showsDataTable(): boolean {
        return !this.hasNoTarget && this.showsTable;
    }

    get verdict(): string {
        const variance = this.figures?.forecastTargetVariance ?? 0;
        if (variance === 0) {
            return exactlyLabel;
        }
        return fillLabel(variance > 0 ? aheadLabel : behindLabel, this.formatAmount(Math.abs(variance)));
    }

    get isBehind(): boolean {
        return (this.figures?.forecastTargetVariance ?? 0) < 0;
    }

    get verdictIcon(): string {
        return this.isBehind ? 'utility:warning' : 'utility:success';
    }

    get verdictVariant(): string {
        return this.isBehind ? 'warning' : 'success';
    }

    get bars(): BarRow[] {
        if (!this.figures) {
            return [];
        }
        return layOutChart(this.figures).bars.map((bar) => {
            const percent = this.formatPercent(bar.percentOfTarget);
            return {
                key: bar.measure,
                label: MEASURE_LABELS[bar.measure],
                amount: this.formatAmount(bar.amount),
                percent,
                hasPercent: bar.measure !== 'salesTarget',
                ofTarget: fillLabel(ofTargetLabel, percent),
                barClass: `bar bar_${bar.measure}`,
                x: `${bar.start}%`,
                width: `${bar.width}%`
            };
        });
    }

    get trackClass(): string {
        return TEXT_DIRECTION === 'rtl' ? 'chart-track mirrored' : 'chart-track';
    }

    get targetX(): string {
        return this.figures ? `${layOutChart(this.figures).target}%` : '0%';
    }

    get zeroX(): string {
        return this.figures ? `${layOutChart(this.figures).zero}%` : '0%';
    }

    /** Every figure of the plan, for the data table. */
    get rows(): Row[] {
        const figures = this.figures;
        if (!figures) {
            return [];
        }
        const row = (key: string, label: string, amount: number): Row => ({
            key,
            label,
            amount: this.formatAmount(amount),
            percent: this.formatPercent(percentOfTarget(amount, figures.salesTarget))
        });
        return [
            row('salesTarget', salesTargetLabel, figures.salesTarget ?? 0),
            row('wonRevenue', wonRevenueLabel, figures.wonRevenue),
            row('pipeline', pipelineLabel, figures.pipeline),
            row('weightedPipeline', weightedPipelineLabel, figures.weightedPipeline),
            row('totalExpectedRevenue', totalExpectedRevenueLabel, figures.totalExpectedRevenue),
            row('forecastTargetVariance', forecastTargetVarianceLabel, figures.forecastTargetVariance)
        ];
    }

    /** What stands below the bars: figures that explain the verdict. */
    get facts(): { key: string; label: string; value: string }[] {
        const figures = this.figures;
        if (!figures) {
            return [];
        }
        const won = { key: 'wonRevenue', label: wonRevenueLabel, value: this.formatAmount(figures.wonRevenue) };
        const common = [
            { key: 'pipeline', label: pipelineLabel, value: this.formatAmount(figures.pipeline) },
            {
                key: 'totalExpectedRevenue',
                label: totalExpectedRevenueLabel,
                value: this.formatAmount(figures.totalExpectedRevenue)
            }
        ];
        return this.hasNoTarget
            ? [won, ...common]
            : [...common, { key: 'pipelineCoverage', label: pipelineCoverageLabel, value: this.coverage }];
    }

    get linkedOpportunities(): string {
        const count = this.figures?.linkedOpportunityCount ?? 0;
        return count === 1 ? linkedOpportunityLabel : fillLabel(linkedOpportunitiesLabel, numberText(count));
    }

    handleToggle(): void {
        this.showsTable = !this.showsTable;
    }

    private get coverage(): string {
        const coverage = this.figures?.pipelineCoverage ?? null;
        return coverage === null ? notApplicableLabel : fillLabel(coverageTimesLabel, numberText(coverage));
    }

    private get isoCode(): string | undefined {
        const code = this.plan.data && getFieldValue(this.plan.data, CURRENCY_ISO_CODE);
        return typeof code === 'string' ? code : undefined;
    }

    private formatAmount(amount: number): string {
        return amountText(amount, this.isoCode);
    }

    private formatPercent(percent: number | null): string {
        return percent === null ? notApplicableLabel : percentText(percent);
    }
}
