export declare function answerSchemas(): Map<string, object>;
