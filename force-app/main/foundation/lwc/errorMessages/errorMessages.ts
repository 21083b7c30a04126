import unknownErrorLabel from '@salesforce/label/c.Error_Unknown';

interface Message {
    message?: unknown;
}

interface ErrorBody extends Message {
    output?: {
        errors?: Message[];
        fieldErrors?: Record<string, Message[]>;
    };
    pageErrors?: Message[];
    fieldErrors?: Record<string, Message[]>;
}

/**
 * Turns whatever Lightning Data Service, Apex or the browser threw into sentences for a person.
 *
 * @param error a wire's or promise's error: a fetch response with a body, an Error, a text, or a list of these
 * @returns distinct messages in the order found; never empty
 */
export function errorMessages(error: unknown): string[] {
    const errors = Array.isArray(error) ? (error as unknown[]) : [error];
    const messages = errors.flatMap(messagesOf).filter((message) => message.trim() !== '');
    return messages.length > 0 ? [...new Set(messages)] : [unknownErrorLabel];
}

function messagesOf(error: unknown): string[] {
    if (typeof error === 'string') {
        return [error];
    }
    if (typeof error !== 'object' || error === null) {
        return [];
    }
    const { body, message } = error as { body?: ErrorBody | ErrorBody[] } & Message;
    if (Array.isArray(body)) {
        return texts(body);
    }
    if (body) {
        const details = [
            ...texts(body.output?.errors),
            ...fieldTexts(body.output?.fieldErrors),
            ...texts(body.pageErrors),
            ...fieldTexts(body.fieldErrors)
        ];
        // The body's own message is a generic headline when the details say what is wrong.
        return details.length > 0 ? details : texts([body]);
    }
    return texts([{ message }]);
}

function texts(messages: Message[] = []): string[] {
    return messages.map(({ message }) => message).filter((message) => typeof message === 'string');
}

function fieldTexts(fieldErrors: Record<string, Message[]> = {}): string[] {
    return Object.values(fieldErrors).flatMap(texts);
}
